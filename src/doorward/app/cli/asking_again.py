"""The question a refused call was, from its record, so that it can be asked again."""

import re
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any, Final

Event = Mapping[str, Any]

_REFUSED: Final = re.compile(
    r"User: \S+ is not authorized to perform: (?P<action>\S+) on resource: "
    r"(?:(?P<kind>user|role|group) (?P<name>\S+?)|(?:policy )?(?P<resource>\*|arn:\S+?))\.?(?:\s|$)"
)
"""AWS's sentence; it names a role by its name alone, and a policy with the word before its ARN."""


def question_of(event: Event) -> dict[str, Any] | None:
    """The question for `Can`; `None` where the record is not of a refusal, or does not tell.

    Of the call's context only what every record holds is known.
    """
    principal = event["userIdentity"].get("arn")
    found = _REFUSED.match(event.get("errorMessage") or "")
    if not found or not principal:
        return None
    named = f"{found['kind']}/{found['name']}"
    return {
        "principal": principal,
        "action": found["action"],
        "resource": found["resource"] or named,
        "context": _context(event),
        "explain": True,
    }


def _context(event: Event) -> dict[str, str]:
    attributes = event["userIdentity"].get("sessionContext", {}).get("attributes", {})
    known = {
        "aws:SourceIp": _address(event["sourceIPAddress"]),
        "aws:UserAgent": event.get("userAgent"),
        "aws:RequestedRegion": event["awsRegion"],
        "aws:MultiFactorAuthPresent": attributes.get("mfaAuthenticated"),
    }
    return {key: value for key, value in known.items() if value is not None}


def _address(text: str) -> str | None:
    """AWS services that call for themselves leave their name in place of an address."""
    try:
        return str(ip_address(text))
    except ValueError:
        return None
