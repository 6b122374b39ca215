"""When a password is too old, and what its owner may still do with it.

Only IAM users' passwords expire; root's never does, and no access key ever does.
Source: IAM User Guide, "Set an account password policy for IAM users".
"""

from datetime import datetime, timedelta
from enum import StrEnum

from doorward.account.model import LoginProfile, PasswordPolicy

WARNING = timedelta(days=15)
"""AWS's console warns this long before."""


class PasswordState(StrEnum):
    """What a right password is good for at sign-in."""

    FINE = "fine"
    WARN = "warn"
    """In, with a word that it expires within 15 days."""
    MUST_CHANGE = "must-change"
    """In, once its owner has chosen a new one."""
    LOCKED = "locked"
    """Not in, until an administrator sets a new one. ChangePassword by API still works."""


def changed_at(profile: LoginProfile) -> datetime:
    """When the password was set last."""
    return profile.changed or profile.created


def expires_at(policy: PasswordPolicy | None, changed: datetime) -> datetime | None:
    """When a password that was set then expires; None: never."""
    if policy is None or not policy.max_age_days:
        return None
    return changed + timedelta(days=policy.max_age_days)


def state(policy: PasswordPolicy | None, profile: LoginProfile, now: datetime) -> PasswordState:
    """What the password is good for under the account's policy as it is now."""
    expires = expires_at(policy, changed_at(profile))
    expired = expires is not None and expires <= now
    if expired and policy and policy.hard_expiry:
        return PasswordState.LOCKED
    if expired or profile.reset_required:
        return PasswordState.MUST_CHANGE
    if expires is not None and expires - now <= WARNING:
        return PasswordState.WARN
    return PasswordState.FINE
