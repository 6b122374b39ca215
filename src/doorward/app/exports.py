"""A whole Doorward as one JSON value: AWS's account details, and what they leave out.

Each account stands there twice. GetAccountAuthorizationDetails' four lists, with documents opened
as the AWS CLI prints them, are for everybody's tools; `Doorward` holds the entities exactly and is
what an import reads. Records of calls and running sessions stay behind.
"""

import json
import sys
from base64 import b64encode
from collections.abc import Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import unquote

import msgspec

from doorward import __version__
from doorward.account.account import KINDS
from doorward.app.drafts import Drafts
from doorward.app.live import Live, read_live
from doorward.app.locked_box import locked
from doorward.app.stopped import main_account
from doorward.app.vault import AccountVault
from doorward.services.registry import operations
from doorward.store.sealed import Sealer
from doorward.store.unit import Store

FORMAT = "doorward-export-1"

Json = dict[str, Any]


def exported(store: Store, sealer: Sealer, now: datetime, passphrase: str | None = None) -> Json:
    """Everything of a store; secrets only under a passphrase.

    Args:
        store: Read account by account, so a writer may be at work.
        sealer: Opens the secrets.
        now: Aware UTC.
        passphrase: Seals the secrets; None leaves them out.
    """
    lives = [read_live(each, *store.read(each)) for each in sorted(store.accounts())]
    drafts = Drafts(sealer, now, lives)
    main = main_account(store)
    return {
        "Format": FORMAT,
        "Version": __version__,
        "Created": now.isoformat(timespec="seconds"),
        "MainAccount": main,
        "Accounts": [_account(drafts, live) for live in lives],
        "Secrets": passphrase and locked(_secrets(lives, sealer), passphrase, f"{FORMAT} {main}"),
    }


def details_digest(account: Mapping[str, Any]) -> str:
    """A digest of what stands beside `Doorward`, so that an import can tell if it was edited."""
    details = {name: value for name, value in account.items() if name != "Doorward"}
    return sha256(msgspec.json.encode(details, order="deterministic")).hexdigest()


def _account(drafts: Drafts, live: Live) -> Json:
    account: Json = {"AccountId": live.account.id, **_details(drafts, live.account.id)}
    account["Doorward"] = {
        "Details": details_digest(account),
        "Entities": {
            kind: [msgspec.to_builtins(each) for each in live.account.all(cls)]
            for kind, cls in KINDS.items()
        },
        "Activity": {used: msgspec.to_builtins(use) for used, use in live.activity.uses.items()},
        "Accesses": {
            who: msgspec.to_builtins(live.activity.accesses_of(who))
            for who in live.activity.accesses
        },
    }
    return account


def _details(drafts: Drafts, account_id: str) -> Json:
    call = drafts.call(account_id)
    call.operation = "GetAccountAuthorizationDetails"
    whole = operations("iam")["get_account_authorization_details"]
    result = whole.function(call, max_items=sys.maxsize) or {}
    opened: Json = _opened(result)
    del opened["IsTruncated"]
    return opened


def _opened(value: Any, name: str = "") -> Any:
    """A result as the AWS CLI prints it: documents as JSON, times as text, nothing empty."""
    if isinstance(value, Mapping):
        return {key: _opened(each, key) for key, each in value.items() if each is not None}
    if isinstance(value, list | tuple):
        return [_opened(each) for each in value]
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, str) and name.endswith("Document"):
        return json.loads(unquote(value))
    return value


def _secrets(lives: list[Live], sealer: Sealer) -> bytes:
    return msgspec.json.encode(
        {live.account.id: dict(_opened_secrets(live, sealer)) for live in lives}
    )


def _opened_secrets(live: Live, sealer: Sealer) -> Iterator[tuple[str, str]]:
    vault = AccountVault(live, sealer)
    for name in sorted(live.secrets):
        yield name, b64encode(vault.get(name) or b"").decode()
