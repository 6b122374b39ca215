"""May they? The context of a call, the policies that apply, the decision."""
