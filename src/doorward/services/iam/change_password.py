"""A user's own change of password."""

from doorward.account.caller import CallerKind
from doorward.account.model import User
from doorward.authn.passwords import matches
from doorward.services.call import Call
from doorward.services.iam import find
from doorward.services.iam.errors import (
    AccessDenied,
    InvalidUserType,
    NoSuchEntity,
    PasswordPolicyViolation,
)
from doorward.services.iam.passwords import (
    PreparedPassword,
    apply_change,
    cost_of,
    credential_of,
    password_place,
    prepare_change,
)
from doorward.services.iam.targets import user_or_self
from doorward.services.registry import operation


def guessed_at(call: Call) -> str | None:
    """The caller's password, which whoever has the caller's key could try to find out."""
    if call.caller.kind is not CallerKind.USER:
        return None
    return credential_of(call.account.id, call.caller.name)


def prepare(
    call: Call, *, old_password: str, new_password: str, at_sign_in: bool = False
) -> PreparedPassword | PasswordPolicyViolation | AccessDenied:
    """Prove the old password, then check and hash the new one.

    What is wrong with the new one is returned, not raised: it is no wrong guess at the old one.
    """
    user = _caller(call)
    kept = call.vault.get(password_place(user.user_id))
    if not matches(kept, old_password, cost_of(call.settings)):
        raise AccessDenied.old_password()
    policy = call.account.profile.password_policy
    if new_password == old_password and not (policy and policy.reuse_prevention):
        # AWS: refused so and not as a violation, where no policy says anything; recorded.
        return AccessDenied.same_password()
    try:
        return prepare_change(call, user, new_password, at_sign_in=at_sign_in)
    except PasswordPolicyViolation as violation:
        return violation


@operation("iam", on=user_or_self, credential=guessed_at, prepare=prepare, hashes=True)
def change_password(call: Call, *, old_password: str, new_password: str) -> None:  # noqa: ARG001 - in `call.prepared`
    """Replace the caller's own password; an expired one as well."""
    if isinstance(call.prepared, Exception):
        raise call.prepared
    apply_change(call, _caller(call), call.prepared, by_user=True)


def _caller(call: Call) -> User:
    if call.caller.kind is not CallerKind.USER:
        raise InvalidUserType.only_users()
    user = find.user(call, call.caller.name)
    if user.login_profile is None:
        raise NoSuchEntity.login_profile(user.name)
    return user
