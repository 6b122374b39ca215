"""Session policies: what a session is allowed at most, and how much of its token they take.

Managed session policies are kept by ARN and read at each request. Source: recorded answers,
managed_session_policy; IAM guide, "Session policies".
"""

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from doorward.account.account import Account
from doorward.catalog import managed_policies
from doorward.errors import PolicyError
from doorward.policy.grammar import check
from doorward.services.call import Call
from doorward.services.sts.errors import (
    MalformedPolicyDocument,
    PackedPolicyTooLarge,
    ValidationError,
)
from doorward.services.sts.session_tags import Pairs

MOST_CHARACTERS = 2048
MOST_ARNS = 10
BARE_PERCENT = 9
WHOLE_BYTES = 3072
"""What a token of 4,096 characters can hold."""


@dataclass(frozen=True, slots=True)
class SessionPolicies:
    """The session policies of one request."""

    inline: str | None
    arns: tuple[str, ...]


def accepted(
    call: Call, owner: Account, inline: str | None, descriptors: Iterable[Mapping[str, str]]
) -> SessionPolicies:
    """Take the session policies of a request, or refuse them.

    Args:
        call: The call that passes them.
        owner: The account the session will act in, whose managed policies may be named.
        inline: JSON text as sent.
        descriptors: As the wire gives them: `{"arn": ...}`.

    Raises:
        ValidationError: too many or too long, or a managed policy that does not exist.
        MalformedPolicyDocument: the inline text is no policy.
    """
    arns = tuple(each.get("arn", "") for each in descriptors)
    if len(arns) > MOST_ARNS:
        raise ValidationError.longer_than("policyArns", MOST_ARNS)
    if inline is not None and len(inline) > MOST_CHARACTERS:
        raise ValidationError.longer_than("policy", MOST_CHARACTERS)
    if len(inline or "") + sum(map(len, arns)) > MOST_CHARACTERS:
        raise ValidationError.policies_too_long(MOST_CHARACTERS)
    _refuse_malformed(call, inline)
    _refuse_unknown(owner, arns)
    return SessionPolicies(inline, arns)


def packed_percent(policies: SessionPolicies, tags: Pairs) -> int:
    """PackedPolicySize: how much of the room in a token the session takes, in percent.

    The session itself takes 9; what is passed takes its deflated size of 3,072 bytes. AWS does
    not publish its own measure; 9 for a bare AssumeRole is recorded.

    Raises:
        PackedPolicyTooLarge: above 100.
    """
    texts = [policies.inline or "", *policies.arns, *(text for tag in tags for text in tag)]
    plain = "\n".join(filter(None, texts)).encode()
    packed = len(zlib.compress(plain)) if plain else 0
    percent = BARE_PERCENT + packed * 100 // WHOLE_BYTES
    if percent <= 100:  # noqa: PLR2004 - per cent
        return percent
    if policies.inline is None and not policies.arns:
        raise PackedPolicyTooLarge.tags(percent)
    raise PackedPolicyTooLarge.policy(percent)


def _refuse_malformed(call: Call, text: str | None) -> None:
    if text is None:
        return
    try:
        check(text, "session")
    except PolicyError as error:
        raise MalformedPolicyDocument(_sentence(error) + _place(call, error)) from None


def _sentence(error: PolicyError) -> str:
    return "Syntax errors in policy." if error.path == "" else error.reason


def _place(call: Call, error: PolicyError) -> str:
    if not call.explain or not error.line:
        return ""
    return f" (line {error.line}, column {error.column}: {error.reason})"


def _refuse_unknown(owner: Account, arns: Iterable[str]) -> None:
    for arn in arns:
        if owner.policy(arn) is None and managed_policies.get(arn) is None:
            raise ValidationError.unknown_policy(arn)
