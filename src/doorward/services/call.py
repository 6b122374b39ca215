"""What an operation is handed: the account, who calls, the time, and where secrets go."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from doorward.account.accesses import Accesses
from doorward.account.account import Account
from doorward.account.activity import Use
from doorward.account.caller import Caller
from doorward.account.session import Session
from doorward.account.trail_delivery import DeliveryState
from doorward.authn.key_ids import unique_id
from doorward.authn.request import HttpRequest
from doorward.authz.decide import Asked
from doorward.policy import Decision


class Vault(Protocol):
    """Secrets at rest, by name (`access-key/AKIA...`); sealed before they reach the store."""

    def put(self, name: str, secret: bytes) -> None:
        """Keep a secret, replacing the one of that name."""

    def get(self, name: str) -> bytes | None:
        """The secret of that name."""

    def drop(self, name: str) -> None:
        """Forget the secret of that name, if there is one."""


class Desk(Protocol):
    """What the assembly lends to operations beyond the account."""

    def account(self, account_id: str) -> Account | None:
        """Another account of this Doorward, as it stands."""

    def seal(self, kind: str, text: str) -> str:
        """Seal a text so that it can be handed out and recognised when it comes back."""

    def unseal(self, kind: str, sealed: str) -> str | None:
        """The text that was sealed for this kind; None when it was not us or not this kind."""

    def seal_session(self, session: Session) -> str:
        """The session token that carries this session."""

    def find_records(self, account_id: str, **query: Any) -> Any:
        """Records of the trail; the shapes are those of `store.unit.Store.find_records`."""

    def bucket_fault(self, name: str) -> str:
        """What keeps trails from delivering to a bucket: `missing`, `refused`, or nothing."""

    def delivery_state(self, trail_id: str) -> DeliveryState | None:
        """How far the delivery of a trail has come; None before its first."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What was decided about a request as the call of an AWS service that it is.

    Attributes:
        reason: Why it was refused, where no policy did.
        decision: None where no policy was asked.
    """

    allowed: bool
    reason: str = ""
    asked: Asked | None = None
    decision: Decision | None = None


@dataclass(frozen=True, slots=True)
class Proven:
    """A request that somebody else received: who signed it, and what it asks for.

    Attributes:
        caller: Nobody, where it is unsigned or proves nothing.
        account: The caller's own, as it stands.
        region: As signed.
        service: The service it is a call to, where that is one of Doorward's; else empty.
        refusal: Why it proves nothing, as its sender may be told; empty when it does.
        judged: Where that was wanted and the request could be read.
        unread: Why it could not be read as a call.
    """

    request: HttpRequest
    caller: Caller
    account: Account | None = None
    region: str = ""
    service: str = ""
    refusal: str = ""
    judged: Judged | None = None
    unread: str = ""


@dataclass(frozen=True, slots=True)
class MfaClaim:
    """A code that came with a call, of a device of the caller's."""

    serial: str
    code: str


@dataclass(frozen=True, slots=True)
class MfaProof:
    """The device whose code came with the call and was right, and when that was."""

    serial: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Message:
    """Something to send once the change is stored: `kind` says by whom, `body` is plain JSON."""

    kind: str
    body: Mapping[str, Any]


def _no_accesses(_principal_id: str) -> Accesses:
    return {}


@dataclass(slots=True)
class Call:
    """One call of one operation.

    Attributes:
        account: The account the call acts in; assigning a new value is the change.
        last_use: When a password, key or role of that account was last used, by its id.
        accesses: When a user or role of that account last called each service, by its id.
        region: As signed by the caller.
        endpoint: Scheme and authority the caller reached us by.
        explain: Messages may say more than AWS's do (setting `explain_in_message`).
        random: Random bytes of that length.
        proven: The operation's evidence, in its order.
        mfa: The code that came with this call, proven.
        prepared: What the operation's `prepare` returned.
        settings: Doorward's settings by name.
        messages: What is to be sent because of this change; stored with it.
    """

    service: str
    operation: str
    account: Account
    caller: Caller
    now: datetime
    region: str
    request_id: str
    vault: Vault
    desk: Desk
    last_use: Callable[[str], Use | None]
    random: Callable[[int], bytes]
    endpoint: str = ""
    explain: bool = True
    proven: tuple[Proven, ...] = ()
    mfa: MfaProof | None = None
    prepared: Any = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    accesses: Callable[[str], Accesses] = _no_accesses

    def new_id(self, prefix: str) -> str:
        """A unique id with an AWS prefix such as `AIDA`."""
        return unique_id(prefix, self.random(16))

    def update(self, *entities: Any) -> None:
        """Put the entities into the account."""
        for entity in entities:
            self.account = self.account.put(entity)

    def remove(self, entities: Iterable[Any]) -> None:
        """Drop the entities from the account."""
        for entity in entities:
            self.account = self.account.drop(entity)
