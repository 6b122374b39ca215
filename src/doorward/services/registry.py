"""The operations we have, each with what it acts on and what else must be asked first."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple, TypeVar

from doorward.account.tags import Tag
from doorward.authn.request import HttpRequest
from doorward.policy import Attached
from doorward.services.call import Call, MfaClaim

Params = Mapping[str, Any]
Context = Mapping[str, str | tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Target:
    """What a call acts on.

    Attributes:
        arn: The resource of the decision; `*` where the action takes none.
        account: The account that owns it; None = the caller's own.
        tags: The resource's tags, for `aws:ResourceTag/...`.
        text: How AWS's message names it when that is not the ARN (`role NAME`).
        policy: The resource's own policy (a role's trust policy), where it has one.
    """

    arn: str
    account: str | None = None
    tags: tuple[Tag, ...] = ()
    text: str | None = None
    policy: Attached | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A second permission a call needs, such as iam:PassRole on the role handed over."""

    action: str
    target: Target
    context: Context


class Evidence(NamedTuple):
    """A request that somebody else received, handed over to be proven.

    Attributes:
        judge: Also decide it as the call of an AWS service that it is.
    """

    request: HttpRequest
    judge: bool


Evident = Callable[[HttpRequest, Params], Iterable[Evidence]]
Codes = Callable[[Params], MfaClaim | None]
On = Callable[[Call, Params], Target]
Keys = Callable[[Call, Params], Context]
Also = Callable[[Call, Params], Iterable[Question]]
Function = Callable[..., Mapping[str, Any] | None]
F = TypeVar("F", bound=Function)


@dataclass(frozen=True, slots=True)
class Operation:
    """One AWS operation as we serve it.

    Attributes:
        name: The function's name, the operation's in snake case.
        reads: It changes nothing in the account, so it never waits for the store.
        exempt: AWS asks no policy about it (GetCallerIdentity).
        unsigned: Callers without a signature may call it.
        waits: It reads the store, so it runs in a thread and holds nobody else up.
        action: The action to authorise when it is not the operation's own name.
        evidence: The signed requests its parameters hold; each is proven before the operation is
            authorised, and stands in `Call.proven`.
        code: The MFA code its parameters hold; proven before the operation is authorised, and
            stands in `Call.mfa`.
        credential: Names the credential that a refused call has guessed at, for the failure
            counter; None where this call guesses at none.
        prepare: What takes long (a password's hash), done in a thread once the operation is
            allowed, with the function's parameters; its answer stands in `Call.prepared`. The
            account may have moved on when the function runs.
        hashes: What it prepares takes the memory of a password's hash; few do so at once.
    """

    service: str
    name: str
    function: Function
    on: On
    keys: tuple[Keys, ...]
    also: tuple[Also, ...]
    reads: bool
    exempt: bool
    unsigned: bool
    waits: bool
    action: str | None
    evidence: Evident | None
    code: Codes | None
    credential: Callable[[Call], str | None] | None
    prepare: Callable[..., Any] | None
    hashes: bool


_OPERATIONS: dict[str, dict[str, Operation]] = {}


def operation(
    service: str,
    *,
    on: On,
    keys: tuple[Keys, ...] = (),
    also: tuple[Also, ...] = (),
    reads: bool = False,
    exempt: bool = False,
    unsigned: bool = False,
    waits: bool = False,
    action: str | None = None,
    evidence: Evident | None = None,
    code: Codes | None = None,
    credential: Callable[[Call], str | None] | None = None,
    prepare: Callable[..., Any] | None = None,
    hashes: bool = False,
) -> Callable[[F], F]:
    """Register the function as the operation of its name. `on` has no default on purpose."""

    def register(function: F) -> F:
        _OPERATIONS.setdefault(service, {})[function.__name__] = Operation(
            service,
            function.__name__,
            function,
            on,
            keys,
            also,
            reads,
            exempt,
            unsigned,
            waits,
            action,
            evidence,
            code,
            credential,
            prepare,
            hashes,
        )
        return function

    return register


@cache
def operations(service: str) -> Mapping[str, Operation]:
    """The operations of a service by function name; empty for a service we do not have."""
    folder = service.replace("-", "_")
    try:
        import_module(f"doorward.services.{folder}")
    except ModuleNotFoundError as error:
        if error.name != f"doorward.services.{folder}":
            raise
        return {}
    return _OPERATIONS.get(service, {})


def anything(_call: Call, _params: Params) -> Target:
    """The action takes no resource."""
    return Target("*")
