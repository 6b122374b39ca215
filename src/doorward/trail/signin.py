"""The form of sign-in records: what CloudTrail keeps when people come in at the console.

Source: CloudTrail guide, "AWS Management Console sign-in events", with its examples.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from doorward.trail.members import iso
from doorward.trail.record import Event

SOURCE = "signin.amazonaws.com"
FAILED = "Failed authentication"
UNKNOWN_USER = "No username found in supplied account"
HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"
"""AWS: what was typed as a user's name may be a password."""

Identity = dict[str, Any]


def sign_in_event(
    name: str,
    *,
    identity: Mapping[str, Any],
    account: str,
    at: datetime,
    event_id: str,
    source_ip: str,
    user_agent: str | None,
    error: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> Event:
    """Make the record of one step of a sign-in.

    Args:
        name: `ConsoleLogin`, `CheckMfa`, `SwitchRole`, ...
        identity: The userIdentity; see `root`, `user`, `unknown_user`, or that of a session.
        account: Whose trail it goes to.
        at: Aware.
        event_id: A UUID, new for every record.
        source_ip: The browser's address.
        user_agent: As sent.
        error: AWS's sentence of why it failed; None when it did not.
        details: The additionalEventData.
    """
    made: Event = {
        "eventVersion": "1.11",
        "userIdentity": dict(identity),
        "eventTime": iso(at),
        "eventSource": SOURCE,
        "eventName": name,
        "awsRegion": "us-east-1",
        "sourceIPAddress": source_ip,
    }
    if user_agent is not None:
        made["userAgent"] = user_agent
    if error is not None:
        made["errorMessage"] = error
    return made | {
        "requestParameters": None,
        "responseElements": {name: "Success" if error is None else "Failure"},
        "additionalEventData": dict(details) if details else None,
        "eventID": event_id,
        "readOnly": False,
        "eventType": "AwsConsoleSignIn",
        "managementEvent": True,
        "recipientAccountId": account,
        "eventCategory": "Management",
    }


def login_details(login_to: str, mfa_serial: str | None, *, mfa_used: bool) -> dict[str, str]:
    """The additionalEventData of a ConsoleLogin."""
    details = {"LoginTo": login_to, "MobileVersion": "No"}
    if mfa_serial is not None:
        details["MFAIdentifier"] = mfa_serial
    return {**details, "MFAUsed": "Yes" if mfa_used else "No"}


def root(account: str, alias: str | None) -> Identity:
    """The root user; AWS gives it a name only where the account has an alias."""
    identity = {
        "type": "Root",
        "principalId": account,
        "arn": f"arn:aws:iam::{account}:root",
        "accountId": account,
        "accessKeyId": "",
    }
    return identity | {"userName": alias} if alias else identity


def user(account: str, user_id: str, name: str, arn: str) -> Identity:
    """An IAM user who is in."""
    return {
        "type": "IAMUser",
        "principalId": user_id,
        "arn": arn,
        "accountId": account,
        "userName": name,
    }


def user_outside(account: str, user_id: str, name: str) -> Identity:
    """An IAM user who is not in; AWS says no ARN."""
    return {
        "type": "IAMUser",
        "principalId": user_id,
        "accountId": account,
        "accessKeyId": "",
        "userName": name,
    }


def unknown_user(account: str) -> Identity:
    """A name that no user of the account has."""
    return {"type": "IAMUser", "accountId": account, "accessKeyId": "", "userName": HIDDEN}


def nobody() -> Identity:
    """An address or an account that nobody has."""
    return {"type": "Unknown", "principalId": "", "accessKeyId": "", "userName": HIDDEN}
