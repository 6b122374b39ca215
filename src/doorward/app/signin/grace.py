"""How long root may still come in without MFA, and whether users may at all.

Source: AWS asks root for MFA within 35 days of the first attempt to sign in, then at once.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from doorward.account.model import Profile
from doorward.app.signin.holder import Holder

DAYS = "signin.root_mfa_grace_days"
EVERYBODY = "signin.require_mfa"


class Grace(NamedTuple):
    """A holder without MFA: must it enrol, and if it may wait, until when.

    Attributes:
        over: It comes in with MFA or not at all.
        ends: When it will be over; None: it is, or never will be.
    """

    over: bool
    ends: datetime | None = None

    def days_left(self, now: datetime) -> int | None:
        """Days begun until it is over: 35 on the first, 1 on the last."""
        if self.ends is None:
            return None
        return (self.ends - now + timedelta(days=1) - timedelta.resolution).days


def grace_of(holder: Holder, settings: Mapping[str, Any], now: datetime) -> Grace | None:
    """None: it needs no MFA, or has it."""
    if holder.devices:
        return None
    if holder.user:
        return Grace(over=True) if settings[EVERYBODY] else None
    ends = root_grace_ends(holder.account.profile, settings, now)
    return Grace(over=True) if ends <= now else Grace(over=False, ends=ends)


def root_grace_ends(profile: Profile, settings: Mapping[str, Any], now: datetime) -> datetime:
    """When root's grace is over; it begins with the first attempt, which may be now."""
    return (profile.root_first_attempt or now) + timedelta(days=settings[DAYS])
