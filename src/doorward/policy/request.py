"""What is asked, who asks, and the policies that have a say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

from doorward.errors import PolicyError
from doorward.policy.arn import Arn
from doorward.policy.document import Policy
from doorward.policy.variables import Values


class PrincipalKind(StrEnum):
    """What sort of caller it is."""

    USER = "user"
    ROLE = "role"
    SESSION = "session"
    FEDERATED_USER = "federated_user"
    ROOT = "root"
    ASSUMED_ROOT = "assumed_root"
    SERVICE = "service"
    WEB_IDENTITY = "web_identity"
    SAML = "saml"
    ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True)
class Principal:
    """A caller.

    Attributes:
        arn: The caller's own ARN; a service's name (`lambda.amazonaws.com`); empty for nobody.
        account: 12 digits; empty for services and anonymous callers.
        entity_arn: The role of a session, the user behind a federated session.
        entity_id: The unique id (`AIDA…`, `AROA…`) of that user or role, when known: stored trust
            policies name ids.
        provider: The Federated provider (ARN or name) of a web-identity or SAML caller.
    """

    kind: PrincipalKind
    arn: str
    account: str
    entity_arn: str | None = None
    entity_id: str | None = None
    provider: str | None = None

    @classmethod
    def from_arn(cls, text: str | None) -> Self:
        """The caller with this ARN or service name; `None` is an unsigned request.

        A role's ARN is a what-if on the role itself, judged as a session of it.

        Raises:
            PolicyError: the text names no caller.
        """
        if text is None:
            return cls(PrincipalKind.ANONYMOUS, "", "")
        arn = Arn.parse(text)
        if arn is None and "." in text and ":" not in text:
            return cls(PrincipalKind.SERVICE, text, "")
        kind = _kind(arn) if arn else None
        if arn is None or kind is None:
            raise PolicyError(f"{text[:80]!r} is not a principal")
        return cls(kind, text, arn.account, _role(arn, text, kind))


_KINDS = {
    ("iam", "user"): PrincipalKind.USER,
    ("iam", "role"): PrincipalKind.ROLE,
    ("sts", "assumed-role"): PrincipalKind.SESSION,
    ("sts", "federated-user"): PrincipalKind.FEDERATED_USER,
}


def _kind(arn: Arn) -> PrincipalKind | None:
    if arn.resource == "root" and arn.service == "iam":
        return PrincipalKind.ROOT
    if arn.resource.partition("/")[0] == "assumed-root" and arn.service == "sts":
        return PrincipalKind.ASSUMED_ROOT
    return _KINDS.get((arn.service, arn.resource_type))


def _role(arn: Arn, text: str, kind: PrincipalKind) -> str | None:
    if kind is PrincipalKind.ROLE:
        return text
    if kind is not PrincipalKind.SESSION:
        return None
    return f"arn:{arn.partition}:iam::{arn.account}:role/{arn.resource_id.partition('/')[0]}"


class Context(dict[str, Values]):
    """Condition keys in lower case to their values; a multi-valued key's value is a tuple.

    `Request` makes one from any mapping. A caller with many requests of one context makes it once,
    with `Context.of`, and `Request` takes it as it is.
    """

    __slots__ = ()

    @classmethod
    def of(cls, given: Mapping[str, Values]) -> Self:
        """Fold the keys' case; a list becomes a tuple."""
        return cls(
            (key.lower(), value if isinstance(value, str) else tuple(value))
            for key, value in given.items()
        )


@dataclass(frozen=True, slots=True)
class Request:
    """One question to the engine.

    Attributes:
        action: `service:Name`, as the API names it.
        resource: An ARN, or `*` for an action that takes no resource.
        resource_account: 12 digits: the account that owns the resource.
        context: The whole context; the engine adds nothing. Keys of any case.
        folded: The action in lower case.
    """

    principal: Principal
    action: str
    resource: str
    resource_account: str
    context: Mapping[str, Values] = field(default_factory=Context)
    folded: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "folded", self.action.lower())
        if self.context.__class__ is not Context:
            object.__setattr__(self, "context", Context.of(self.context))


@dataclass(frozen=True, slots=True)
class Attached:
    """A policy where it is attached.

    Attributes:
        name: The policy's name, as people know it.
        arn: Of a managed policy; an inline one has none.
        attached_to: The ARN or id of the user, group, role, OU or account that holds it.
    """

    policy: Policy
    name: str
    arn: str | None = None
    attached_to: str | None = None


@dataclass(frozen=True, slots=True)
class Policies:
    """Every policy with a say in a request; `None` is "there is none", which differs from empty.

    Keep and reuse the value where you can: it remembers its compiled form.

    Attributes:
        identity: Of the caller and its groups, managed and inline.
        resource: The resource's policy, or the role's trust policy.
        boundary: The permissions boundary.
        session: Inline and managed session policies together.
        endpoint: Of the VPC endpoint the request came through.
        scp: Levels from the organization's root to the caller's account; `()` = does not apply.
        rcp: Levels from the root to the resource's account, RCPFullAWSAccess implied at each.
        derived: What the engine remembers about it.
    """

    identity: tuple[Attached, ...] = ()
    resource: tuple[Attached, ...] | None = None
    boundary: tuple[Attached, ...] | None = None
    session: tuple[Attached, ...] | None = None
    endpoint: tuple[Attached, ...] | None = None
    scp: tuple[tuple[Attached, ...], ...] = ()
    rcp: tuple[tuple[Attached, ...], ...] = ()
    derived: dict[str, Any] = field(
        default_factory=dict, init=False, repr=False, compare=False, hash=False
    )
