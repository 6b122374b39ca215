"""Whose credentials a call is about: a user, or root itself.

Nobody but root names root: no user name does, so an administrator never reaches root's keys and
certificates.
"""

from collections.abc import Sequence
from typing import NamedTuple, Protocol, TypeVar

from doorward.account.caller import CallerKind
from doorward.account.model import Profile, User
from doorward.services.call import Call
from doorward.services.iam import find
from doorward.services.iam.credential_errors import NoSuchCredential
from doorward.services.iam.errors import InvalidInput

Holder = User | Profile
_ROOTS = frozenset({CallerKind.ROOT, CallerKind.ASSUMED_ROOT})


class _Credential(Protocol):
    @property
    def id(self) -> str: ...


C = TypeVar("C", bound=_Credential)
N = TypeVar("N", bound=NamedTuple)


def holder(call: Call, user_name: str | None) -> Holder:
    """The user of that name; without a name whoever calls, root included."""
    if user_name is None and is_root(call):
        return call.account.profile
    return find.user_or_self(call, user_name)


def is_root(call: Call) -> bool:
    """Whether root calls, or a session that stands for it."""
    return call.caller.kind in _ROOTS


def name_of(of: Holder) -> str | None:
    """The root user has none."""
    return of.name if isinstance(of, User) else None


def credential(held: Sequence[C], credential_id: str, missing: str) -> C:
    """The credential of that id among those held.

    Args:
        held: Of one user.
        credential_id: As the call gives it.
        missing: What AWS calls such a credential where there is none of that id.
    """
    for each in held:
        if each.id == credential_id:
            return each
    raise NoSuchCredential.of(missing, credential_id)


def switched(held: Sequence[N], one: NamedTuple, status: str) -> tuple[N, ...]:
    """Those held, with one switched on or off.

    Raises:
        InvalidInput: `Expired` is nothing that can be set.
    """
    if status not in {"Active", "Inactive"}:
        raise InvalidInput(f"Status {status} is not valid.")
    return tuple(each._replace(active=status == "Active") if each == one else each for each in held)


def without(held: Sequence[C], one: C) -> tuple[C, ...]:
    """Those held, but one."""
    return tuple(each for each in held if each != one)


def status_of(*, active: bool) -> str:
    """How AWS shows it."""
    return "Active" if active else "Inactive"
