"""Bool, and the reading of truth that Null shares with it."""

from doorward.policy.conditions.table import operator


def truth(text: str) -> bool:
    """`true` in any case is true; every other text is false."""
    return text.lower() == "true"


@operator("Bool", variables=True)
def bool_equals(value: str, wanted: str) -> bool:
    """Compare as booleans, so `Bool false` matches `yes`."""
    return truth(value) is truth(wanted)
