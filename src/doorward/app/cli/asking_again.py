"""The question a refused call was, from its record, so that it can be asked again."""

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any

Event = Mapping[str, Any]


def question_of(event: Event) -> dict[str, Any] | None:
    """The question for `Can`; `None` where no policy refused, or nobody known called.

    Of the call's context only what every record holds is known.
    """
    asked = (event.get("additionalEventData") or {}).get("Question")
    principal = event["userIdentity"].get("arn")
    if not asked or not principal:
        return None
    return {
        "principal": principal,
        "action": asked["Action"],
        "resource": asked["Resource"],
        "resource_account": asked["Account"],
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
