"""Policy documents on their way in: refused in AWS's words, with the place of the fault."""

from doorward.errors import PolicyError
from doorward.policy.grammar import check
from doorward.services.call import Call
from doorward.services.iam.errors import MalformedPolicyDocument


def refuse_malformed(call: Call, text: str, kind: str = "identity") -> None:
    """Refuse a text that is no policy of that kind (`identity` or `trust`)."""
    try:
        check(text, kind)
    except PolicyError as error:
        raise MalformedPolicyDocument(_sentence(error) + _place(call, error)) from None


def _sentence(error: PolicyError) -> str:
    return "Syntax errors in policy." if error.path == "" else error.reason


def _place(call: Call, error: PolicyError) -> str:
    if not call.explain or not error.line:
        return ""
    return f" (line {error.line}, column {error.column}: {error.reason})"
