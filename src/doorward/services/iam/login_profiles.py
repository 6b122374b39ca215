"""Login profiles: that a user has a password. The hash is in the vault."""

from dataclasses import replace
from typing import Any

from doorward.account.model import LoginProfile, User
from doorward.services.call import Call
from doorward.services.iam import find
from doorward.services.iam.errors import NoSuchEntity
from doorward.services.iam.targets import user_or_self
from doorward.services.registry import operation


def password_place(unique_id: str) -> str:
    """The name in the vault of a hash: of a user's id, or of the account's for the root user."""
    return f"password/{unique_id}"


@operation("iam", on=user_or_self, reads=True)
def get_login_profile(call: Call, *, user_name: str | None = None) -> dict[str, Any]:
    """Since when a user has a password, and whether it must be changed."""
    user = find.user_or_self(call, user_name)
    profile = _profile(user)
    return {
        "LoginProfile": {
            "UserName": user.name,
            "CreateDate": profile.created,
            "PasswordResetRequired": profile.reset_required,
        }
    }


@operation("iam", on=user_or_self)
def delete_login_profile(call: Call, *, user_name: str | None = None) -> None:
    """Take a user's password away; access keys go on working."""
    user = find.user_or_self(call, user_name)
    _profile(user)
    call.vault.drop(password_place(user.user_id))
    call.update(replace(user, login_profile=None))


def _profile(user: User) -> LoginProfile:
    if user.login_profile is None:
        raise NoSuchEntity.login_profile(user.name)
    return user.login_profile
