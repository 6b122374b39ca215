"""Policy documents on their way in: refused in AWS's words, with the place of the fault."""

from doorward.catalog.quotas import policy_size
from doorward.errors import PolicyError
from doorward.policy import Policy
from doorward.policy.grammar import check
from doorward.services.call import Call
from doorward.services.iam.errors import LimitExceeded, MalformedPolicyDocument
from doorward.services.iam.quotas import quota


def refuse_malformed(call: Call, text: str, kind: str = "identity") -> None:
    """Refuse a text that is no policy of that kind (`identity` or `trust`)."""
    try:
        check(text, kind)
    except PolicyError as error:
        raise MalformedPolicyDocument(_sentence(error) + _place(call, error)) from None


def refuse_managed(call: Call, text: str) -> None:
    """Refuse a text that cannot be a customer managed policy."""
    refuse_malformed(call, text)
    # AWS: inline policies may still be of 2008-10-17, managed ones may not.
    if Policy.parse(text).version != "2012-10-17":
        raise MalformedPolicyDocument.version()
    most = quota(call, "PolicySizeQuota")
    if policy_size(text) > most:
        raise LimitExceeded.quota("PolicySize", most)


def _sentence(error: PolicyError) -> str:
    return "Syntax errors in policy." if error.path == "" else error.reason


def _place(call: Call, error: PolicyError) -> str:
    if not call.explain or not error.line:
        return ""
    return f" (line {error.line}, column {error.column}: {error.reason})"
