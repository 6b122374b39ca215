"""A change of password in two steps: prepared in a thread, applied in the account's turn.

`prepare_*` checks the rules and hashes, which takes long; `apply_*` keeps the result, and refuses
when the password it was prepared against is no longer the one in force.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from doorward.account.account import Account
from doorward.account.model import LoginProfile, User
from doorward.authn.password_rules import REUSED, reasons, root_reasons
from doorward.authn.passwords import USUAL, Cost, succeed
from doorward.services.call import Call
from doorward.services.iam.errors import EntityTemporarilyUnmodifiable, PasswordPolicyViolation

ROOT_NAME = "null"
"""What AWS calls the root user where a sentence wants a user's name."""
_LEAST_MEMORY_KIB = 8 * USUAL.lanes
_SALT_BYTES = 16
_OFF, _EVERYWHERE = "off", "everywhere"


@dataclass(frozen=True, slots=True)
class PreparedPassword:
    """A new password that may be set.

    Attributes:
        owner: The unique id of the user, or the account's for root.
        name: Of the user.
        before: What was kept when it was prepared.
        kept: What is to be kept now.
    """

    owner: str
    name: str
    before: bytes | None = field(repr=False)
    kept: bytes = field(repr=False)


def password_place(unique_id: str) -> str:
    """The name in the vault of a record: of a user's id, or of the account's for the root user."""
    return f"password/{unique_id}"


def credential_of(account_id: str, user_name: str) -> str:
    """Whose password is guessed at, for the failure counter. Names of users have no case."""
    return f"{account_id}/{user_name.lower()}"


def cost_of(settings: Mapping[str, Any]) -> Cost:
    """What argon2id may cost by the settings; never less than it can be run with."""
    return Cost(
        max(_LEAST_MEMORY_KIB, settings.get("password.memory_kib", USUAL.memory_kib)),
        max(1, settings.get("password.time_cost", USUAL.time_cost)),
        USUAL.lanes,
    )


def prepare_change(
    call: Call, user: User, new_password: str, *, at_sign_in: bool = False
) -> PreparedPassword:
    """Check a user's new password against the account's rules, and hash it. Takes long.

    Args:
        call: Whose account and vault are read; nothing is changed.
        user: Who gets it, with or without a login profile so far.
        new_password: As given.
        at_sign_in: The user chooses it on the sign-in page, not through IAM's API.

    Raises:
        PasswordPolicyViolation: with every reason.
    """
    account = call.account
    policy = account.profile.password_policy
    setting = call.settings.get("password.refuse_breached")
    refuse_breached = setting == _EVERYWHERE or (at_sign_in and setting != _OFF)
    found = reasons(policy, new_password, _names(account), refuse_breached=refuse_breached)
    prepared, used = _prepared(call, user.user_id, user.name, new_password, found)
    if policy and used is not None and used <= policy.reuse_prevention and policy.reuse_prevention:
        raise PasswordPolicyViolation.because([REUSED])
    return prepared


def apply_change(call: Call, user: User, prepared: PreparedPassword, *, by_user: bool) -> None:
    """Set the prepared password.

    Args:
        call: Whose account and vault are changed.
        user: As the account has it now.
        prepared: By `prepare_change`, for this user.
        by_user: The user chose it, so it need not be changed at the next sign-in.

    Raises:
        EntityTemporarilyUnmodifiable: the password was changed by somebody else meanwhile.
    """
    _keep(call, user.user_id, prepared)
    # AWS: an administrator's new password leaves PasswordResetRequired as it was; recorded.
    profile = user.login_profile
    if profile is None:
        profile = LoginProfile(call.now)
    elif by_user:
        profile = LoginProfile(profile.created, reset_required=False, changed=call.now)
    else:
        profile = profile._replace(changed=call.now)
    call.update(replace(user, login_profile=profile))


def prepare_root_change(call: Call, new_password: str) -> PreparedPassword:
    """Check a new password of root's against the rules for root, and hash it. Takes long.

    Raises:
        PasswordPolicyViolation: with every reason.
    """
    refuse_breached = call.settings.get("password.refuse_breached") != _OFF
    found = root_reasons(new_password, _names(call.account), refuse_breached=refuse_breached)
    prepared, used = _prepared(call, call.account.id, ROOT_NAME, new_password, found)
    if used == 0:
        raise PasswordPolicyViolation.because([REUSED])
    return prepared


def apply_root_change(call: Call, prepared: PreparedPassword) -> None:
    """Set root's prepared password.

    Raises:
        EntityTemporarilyUnmodifiable: the password was changed by somebody else meanwhile.
    """
    _keep(call, call.account.id, prepared)
    profile = call.account.profile
    call.update(replace(profile, root_has_password=True, root_password_changed=call.now))


def _prepared(
    call: Call, owner: str, name: str, password: str, found: tuple[str, ...]
) -> tuple[PreparedPassword, int | None]:
    if found:
        raise PasswordPolicyViolation.because(found)
    before = call.vault.get(password_place(owner))
    salt = call.random(_SALT_BYTES)
    kept, used = succeed(before, password, salt, cost_of(call.settings))
    return PreparedPassword(owner, name, before, kept), used


def _keep(call: Call, owner: str, prepared: PreparedPassword) -> None:
    place = password_place(owner)
    if prepared.owner != owner or call.vault.get(place) != prepared.before:
        raise EntityTemporarilyUnmodifiable.login_profile(prepared.name)
    call.vault.put(place, prepared.kept)


def _names(account: Account) -> tuple[str, ...]:
    profile = account.profile
    return (*profile.aliases, profile.email)
