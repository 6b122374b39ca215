"""The alarms every account has from the start: what a record must be, and how often.

Each is told to the root user's e-mail address. Source: specification AUD-07; CIS AWS Foundations,
section 4 (the patterns, where it has one).
"""

from collections.abc import Iterable
from dataclasses import dataclass

ROOT_ACTIVITY = "root-activity"
_DONE = "$.errorCode NOT EXISTS"


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """One alarm.

    Attributes:
        events: The names of the events it can be; empty: any of root's.
        times: How many records within `within_min` minutes set it off.
        with_device: Only when the one who signs in has an MFA device.
    """

    name: str
    title: str
    pattern: str
    events: frozenset[str] = frozenset()
    times: int = 1
    within_min: int = 1
    with_device: bool = False


BUILT_IN = (
    BuiltIn(
        ROOT_ACTIVITY,
        "The root user did something",
        '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS'
        ' && $.eventType != "AwsServiceEvent" }',
    ),
    BuiltIn(
        "signin-failures",
        "Five sign-ins failed within five minutes",
        '{ $.eventName = "ConsoleLogin" && $.responseElements.ConsoleLogin = "Failure" }',
        events=frozenset({"ConsoleLogin"}),
        times=5,
        within_min=5,
    ),
    BuiltIn(
        "signin-without-mfa",
        "Somebody who has an MFA device signed in without it",
        '{ $.eventName = "ConsoleLogin" && $.responseElements.ConsoleLogin = "Success"'
        ' && $.additionalEventData.MFAUsed = "No" }',
        events=frozenset({"ConsoleLogin"}),
        with_device=True,
    ),
    BuiltIn(
        "mfa-removed",
        "An MFA device was deactivated or deleted",
        '{ ($.eventName = "DeactivateMFADevice" || $.eventName = "DeleteVirtualMFADevice")'
        f" && {_DONE} }}",
        events=frozenset({"DeactivateMFADevice", "DeleteVirtualMFADevice"}),
    ),
    BuiltIn(
        "root-access-key",
        "An access key was made for the root user",
        '{ $.eventName = "CreateAccessKey" && $.userIdentity.type = "Root"'
        f" && $.requestParameters.userName NOT EXISTS && {_DONE} }}",
        events=frozenset({"CreateAccessKey"}),
    ),
    BuiltIn(
        "password-policy-changed",
        "The account's password policy was changed or deleted",
        '{ ($.eventName = "UpdateAccountPasswordPolicy"'
        f' || $.eventName = "DeleteAccountPasswordPolicy") && {_DONE} }}',
        events=frozenset({"UpdateAccountPasswordPolicy", "DeleteAccountPasswordPolicy"}),
    ),
    BuiltIn(
        "trail-stopped",
        "A trail was stopped or deleted",
        f'{{ ($.eventName = "StopLogging" || $.eventName = "DeleteTrail") && {_DONE} }}',
        events=frozenset({"StopLogging", "DeleteTrail"}),
    ),
    BuiltIn(
        "assume-root",
        "Somebody took on the root user of a member account",
        f'{{ $.eventName = "AssumeRoot" && {_DONE} }}',
        events=frozenset({"AssumeRoot"}),
    ),
)
SWITCHED = tuple(each.name for each in BUILT_IN if each.name != ROOT_ACTIVITY)
"""Those of the setting `alarms.built_in`; root activity has a setting of its own."""


def chosen(names: Iterable[str], *, root_activity: bool) -> tuple[BuiltIn, ...]:
    """The alarms that are on."""
    wanted = {*names, *([ROOT_ACTIVITY] if root_activity else [])}
    return tuple(each for each in BUILT_IN if each.name in wanted)
