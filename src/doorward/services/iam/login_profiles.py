"""Login profiles: that a user has a password. Its hash is in the vault."""

from dataclasses import replace
from typing import Any

from doorward.account.caller import CallerKind
from doorward.account.model import LoginProfile, User
from doorward.services.call import Call
from doorward.services.iam import find
from doorward.services.iam.errors import EntityAlreadyExists, NoSuchEntity, ValidationError
from doorward.services.iam.passwords import (
    ROOT_NAME,
    PreparedPassword,
    apply_change,
    password_place,
    prepare_change,
)
from doorward.services.iam.targets import user_named, user_or_self
from doorward.services.registry import operation

_ROOTS = frozenset({CallerKind.ROOT, CallerKind.ASSUMED_ROOT})


def prepare_first(
    call: Call,
    *,
    user_name: str | None = None,
    password: str | None = None,
    password_reset_required: bool = False,  # noqa: ARG001 - of the operation
) -> PreparedPassword:
    """Check and hash the first password of a user who has none."""
    user = _without_password(call, user_name)
    if password is None:
        raise ValidationError.needs_password()
    return prepare_change(call, user, password)


@operation("iam", on=user_or_self, prepare=prepare_first, hashes=True)
def create_login_profile(
    call: Call,
    *,
    user_name: str | None = None,
    password: str | None = None,  # noqa: ARG001 - in `call.prepared`
    password_reset_required: bool = False,
) -> dict[str, Any]:
    """Give a user a password to sign in with."""
    user = _without_password(call, user_name)
    apply_change(call, user, call.prepared, by_user=False)
    profile = LoginProfile(call.now, reset_required=password_reset_required)
    call.update(replace(user, login_profile=profile))
    return {"LoginProfile": _shape(profile, user.name)}


def prepare_next(
    call: Call,
    *,
    user_name: str,
    password: str | None = None,
    password_reset_required: bool | None = None,  # noqa: ARG001 - of the operation
) -> PreparedPassword | None:
    """Check and hash the password that an administrator sets, if one is set."""
    user = find.user(call, user_name)
    _profile(user)
    return prepare_change(call, user, password) if password is not None else None


@operation("iam", on=user_named, prepare=prepare_next, hashes=True)
def update_login_profile(
    call: Call,
    *,
    user_name: str,
    password: str | None = None,  # noqa: ARG001 - in `call.prepared`
    password_reset_required: bool | None = None,
) -> None:
    """Set a user's password, or whether it must be changed at the next sign-in, or neither."""
    user = find.user(call, user_name)
    _profile(user)
    if call.prepared:
        apply_change(call, user, call.prepared, by_user=False)
    if password_reset_required is not None:
        user = find.user(call, user_name)
        profile = _profile(user)._replace(reset_required=password_reset_required)
        call.update(replace(user, login_profile=profile))


@operation("iam", on=user_or_self, reads=True)
def get_login_profile(call: Call, *, user_name: str | None = None) -> dict[str, Any]:
    """Since when a user has a password, and whether it must be changed."""
    if user_name is None and call.caller.kind in _ROOTS:
        return {"LoginProfile": _shape(_profile_of_root(call))}
    user = find.user_or_self(call, user_name)
    return {"LoginProfile": _shape(_profile(user), user.name)}


@operation("iam", on=user_or_self)
def delete_login_profile(call: Call, *, user_name: str | None = None) -> None:
    """Take a password away; access keys go on working."""
    if user_name is None and call.caller.kind in _ROOTS:
        _profile_of_root(call)
        call.vault.drop(password_place(call.account.id))
        profile = call.account.profile
        call.update(replace(profile, root_has_password=False, root_password_changed=None))
        return
    user = find.user_or_self(call, user_name)
    _profile(user)
    call.vault.drop(password_place(user.user_id))
    call.update(replace(user, login_profile=None))


def _without_password(call: Call, user_name: str | None) -> User:
    user = find.user_or_self(call, user_name)
    if user.login_profile is not None:
        raise EntityAlreadyExists.login_profile(user.name)
    return user


def _profile(user: User) -> LoginProfile:
    if user.login_profile is None:
        raise NoSuchEntity.login_profile(user.name)
    return user.login_profile


def _profile_of_root(call: Call) -> LoginProfile:
    profile = call.account.profile
    if not profile.root_has_password:
        raise NoSuchEntity.login_profile(ROOT_NAME)
    return LoginProfile(profile.root_password_changed or profile.created)


def _shape(profile: LoginProfile, user_name: str | None = None) -> dict[str, Any]:
    shown = {"CreateDate": profile.created, "PasswordResetRequired": profile.reset_required}
    return shown if user_name is None else {"UserName": user_name, **shown}
