"""What the house lends to operations beyond their account: sealing, other accounts, the trail."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import msgspec

from doorward.account.account import Account
from doorward.account.session import Session
from doorward.account.trail_delivery import DeliveryState
from doorward.app.accounts import Accounts
from doorward.app.delivery.course import read_state
from doorward.app.delivery.folder import FolderTarget
from doorward.app.delivery.target import Target
from doorward.app.trace import Trace
from doorward.authn.sealing import NONCE_BYTES, KeyRing, seal_text, unseal_text
from doorward.authn.sessions import seal
from doorward.authz.decide import Asked
from doorward.catalog.keys import key_fact
from doorward.policy import Outcome
from doorward.policy.variables import Values
from doorward.store.unit import Store

MESSAGE_LIFE = timedelta(hours=24)
MOST_SHOWN_CHARS = 4000


@dataclass(frozen=True, slots=True)
class HouseDesk:
    """The `Desk` of `services.call`."""

    accounts: Accounts
    store: Store
    ring: KeyRing
    nonce: Callable[[int], bytes] = secrets.token_bytes
    target: Target = field(default_factory=lambda: FolderTarget(None))

    def account(self, account_id: str) -> Account | None:
        """Another account of this Doorward, as it stands."""
        live = self.accounts.get(account_id)
        return live.account if live else None

    def seal(self, kind: str, text: str) -> str:
        """Seal a text so that it can be handed out and recognised when it comes back."""
        return seal_text(kind, text.encode(), self.ring, self.nonce(NONCE_BYTES))

    def unseal(self, kind: str, sealed: str) -> str | None:
        """The text that was sealed for this kind; None when it was not us or not this kind."""
        payload = unseal_text(kind, sealed, self.ring)
        return None if payload is None else payload.decode()

    def seal_session(self, session: Session) -> str:
        """The session token that carries this session."""
        return seal(session, self.ring, self.nonce(NONCE_BYTES))

    def find_records(self, account_id: str, **query: Any) -> Any:
        """Records of the trail; the shapes are those of `store.unit.Store.find_records`."""
        return self.store.find_records(account_id, **query)

    def bucket_fault(self, name: str) -> str:
        """What keeps trails from delivering to a bucket: `missing`, `refused`, or nothing."""
        return self.target.fault(name)

    def delivery_state(self, trail_id: str) -> DeliveryState | None:
        """How far the delivery of a trail has come; None before its first."""
        return read_state(self.store, trail_id)

    def authorization_message(self, trace: Trace) -> str:
        """The sealed account of a refusal, for DecodeAuthorizationMessage."""
        caller, decision, target = trace.caller, trace.decision, trace.target
        statement = decision.statement if decision else None
        text = msgspec.json.encode(
            {
                "expires": int((trace.at + MESSAGE_LIFE).timestamp()),
                "message": {
                    "allowed": False,
                    "explicitDeny": bool(
                        decision and decision.outcome is Outcome.EXPLICITLY_DENIED
                    ),
                    "matchedStatements": {"items": [statement.sid or ""] if statement else []},
                    "failures": {"items": []},
                    "context": {
                        "principal": {
                            "id": caller.unique_id,
                            "name": caller.name,
                            "arn": caller.arn,
                        },
                        "action": trace.asked.action if trace.asked else "",
                        "resource": target.arn if target else "*",
                        "conditions": _conditions(trace.asked),
                    },
                    "explanation": trace.decided,
                },
            }
        ).decode()
        return self.seal(f"authorization-message/{caller.account}", text)


def _conditions(asked: Asked | None) -> dict[str, Any]:
    """The keys the decision was made with, in AWS's form and spelling; tags last."""
    keys = asked.context if asked else {}
    items, length = [], 0
    for key in sorted(keys, key=lambda key: ("/" in key, key)):
        length += len(key) + sum(map(len, keys[key]))
        # INVARIANT: the message goes into a header, and clients refuse an answer whose headers
        # are long. Fifty long tags of caller, request and resource would be.
        if length <= MOST_SHOWN_CHARS:
            items.append(_condition(key, keys[key]))
    return {"items": items}


def _condition(key: str, given: Values) -> dict[str, Any]:
    values = (given,) if isinstance(given, str) else given
    if key == "aws:referer":
        # A page's address may hold a secret behind the question mark.
        values = tuple(value.partition("?")[0] for value in values)
    return {"key": _spelled(key), "values": {"items": [{"value": value} for value in values]}}


def _spelled(key: str) -> str:
    """A key as AWS spells it; what stands for a tag's name stays in lower case."""
    fact = key_fact(key)
    if fact is None:
        return key
    prefix = fact.name.partition("${")[0]
    return prefix + key[len(prefix) :]
