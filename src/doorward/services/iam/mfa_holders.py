"""Whose MFA devices a call is about, and the rule that guards one's own."""

from dataclasses import dataclass
from typing import Any

from doorward.account.account import Account
from doorward.account.caller import CallerKind
from doorward.account.mfa import MfaDevice
from doorward.account.model import User
from doorward.services.call import Call
from doorward.services.iam import find, shape, targets
from doorward.services.iam.errors import AccessDenied, LimitExceeded, NoSuchEntity
from doorward.services.iam.quotas import quota
from doorward.services.registry import Params, Target

_ROOT = frozenset({CallerKind.ROOT, CallerKind.ASSUMED_ROOT})
_THEMSELVES = frozenset({CallerKind.ROOT, CallerKind.USER})


@dataclass(frozen=True, slots=True)
class Holder:
    """A user, or root.

    Attributes:
        id: The user's unique id, or the account id for root.
        name: The user's; for root the account id, by which root may name itself.
        place: Where its security keys are in an ARN: `user/NAME` or `root-account`.
        user: AWS's User, as lists of devices show it.
        is_root: It is the root user.
    """

    id: str
    name: str
    place: str
    user: dict[str, Any]
    is_root: bool = False

    @classmethod
    def of_user(cls, account: Account, user: User) -> "Holder":
        """An IAM user."""
        return cls(user.user_id, user.name, f"user/{user.name}", shape.user(account, user))

    @classmethod
    def root(cls, account: Account) -> "Holder":
        """The root user."""
        return cls(account.id, account.id, "root-account", shape.root(account), is_root=True)


def holder_named(call: Call, user_name: str | None) -> Holder:
    """The user of that name; the caller without one; root where root names its account.

    Raises:
        NoSuchEntity: there is no such user.
        ValidationError: a role names nobody.
    """
    # The model wants a name for some operations, and root has none: its account id stands for it.
    if means_root(call, user_name):
        return Holder.root(call.account)
    return Holder.of_user(call.account, find.user_or_self(call, user_name))


def holder_of_id(call: Call, holder_id: str) -> Holder:
    """The holder of that id.

    Raises:
        NoSuchEntity: the user is gone.
    """
    if holder_id == call.account.id:
        return Holder.root(call.account)
    user = call.account.by_id(holder_id)
    if not isinstance(user, User):
        raise NoSuchEntity.user(holder_id)
    return Holder.of_user(call.account, user)


def means_root(call: Call, user_name: str | None) -> bool:
    """Whether this caller means the root user by this name."""
    return call.caller.kind in _ROOT and user_name in {None, call.account.id}


def holder_target(call: Call, params: Params) -> Target:
    """The holder, as the resource of a decision."""
    if means_root(call, params.get("user_name")):
        return Target(call.account.arn(call.account.profile))
    return targets.user_or_self(call, params)


def device_held(call: Call, holder: Holder, serial: str) -> MfaDevice:
    """The holder's device of that serial number.

    Raises:
        NoSuchEntity: it is not there, nobody's, or another's.
    """
    device = call.account.mfa_device(serial)
    if device is None:
        raise NoSuchEntity.mfa_device(serial)
    if device.holder != holder.id:
        raise NoSuchEntity.mfa_device_of_user()
    return device


def refuse_without_mfa(call: Call, holder: Holder) -> None:
    """Whoever has a device proves it before adding or removing one of their own.

    Raises:
        AccessDenied: whatever the policies say.

    Source: recorded answers, mfa_self_management. Root is held to it as well.
    """
    caller = call.caller
    themselves = caller.kind in _THEMSELVES and caller.entity_id == holder.id
    if themselves and not caller.mfa_present and call.account.mfa_devices_of(holder.id):
        raise AccessDenied.mfa_needed()


def refuse_one_too_many(call: Call, holder: Holder) -> None:
    """Refuse a ninth device.

    Raises:
        LimitExceeded: the wording is unverified.
    """
    most = quota(call, "MfaDevicesPerUser")
    if len(call.account.mfa_devices_of(holder.id)) >= most:
        raise LimitExceeded.quota("MFADevicesPerUser", most)
