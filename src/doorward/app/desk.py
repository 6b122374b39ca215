"""What the house lends to operations beyond their account: sealing, other accounts, the trail."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec

from doorward.account.account import Account
from doorward.account.session import Session
from doorward.app.accounts import Accounts
from doorward.app.trace import Trace
from doorward.authn.sealing import NONCE_BYTES, KeyRing, seal_text, unseal_text
from doorward.authn.sessions import seal
from doorward.policy import Outcome
from doorward.store.unit import Store

MESSAGE_LIFE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class HouseDesk:
    """The `Desk` of `services.call`."""

    accounts: Accounts
    store: Store
    ring: KeyRing
    nonce: Callable[[int], bytes] = secrets.token_bytes

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
                        "conditions": {"items": []},
                    },
                    "explanation": trace.decided,
                },
            }
        ).decode()
        return self.seal(f"authorization-message/{caller.account}", text)
