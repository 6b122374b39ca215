"""Accounts the house itself works on, outside any request: seeds, exports, recovery.

Operations run here as they do for a caller, model's constraints and quotas included, with
nobody asked for permission.
"""

import secrets
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from doorward.account.account import Account, Place
from doorward.account.caller import Caller
from doorward.app.live import Live
from doorward.app.vault import AccountVault
from doorward.catalog import models
from doorward.services.call import Call, Desk
from doorward.services.registry import operations
from doorward.store.sealed import Sealer
from doorward.wire.route import Route
from doorward.wire.validate import validate

SERVICE = "iam"


class Drafts:
    """Accounts side by side; to their operations it is the desk they look each other up at."""

    def __init__(self, sealer: Sealer, now: datetime, lives: Iterable[Live]) -> None:
        self._vaults = {live.account.id: AccountVault(live, sealer) for live in lives}
        self._calls = {
            account_id: self._call(vault, now) for account_id, vault in self._vaults.items()
        }
        self._touched: dict[str, tuple[set[Place], set[str]]] = {
            account_id: (set(), set()) for account_id in self._vaults
        }

    def call(self, account_id: str) -> Call:
        """The call by which that account is worked on; its `account` is the draft."""
        return self._calls[account_id]

    def account(self, account_id: str) -> Account | None:
        """An account as it stands; the part of `Desk` that operations here use."""
        call = self._calls.get(account_id)
        return call.account if call else None

    def holds_key(self, access_key_id: str) -> bool:
        """Whether any of the accounts has an access key of that id."""
        return any(call.account.by_id(access_key_id) for call in self._calls.values())

    def run(self, account_id: str, operation: str, **params: Any) -> dict[str, Any]:
        """Run one of IAM's operations by AWS's name for it.

        Raises:
            AwsError: as a caller would get it.
        """
        self._gather(account_id)
        model = models.service(SERVICE)
        wanted = model.operations[operation]
        given = {name: value for name, value in params.items() if value is not None}
        validate(Route(model, wanted), given)
        function = operations(SERVICE)[wanted.function_name].function
        return dict(function(self._calls[account_id], **given) or {})

    def live(self, account_id: str) -> Live:
        """What the account has become."""
        self._gather(account_id)
        places, secrets_touched = self._touched[account_id]
        return replace(
            self._vaults[account_id].live,
            account=replace(self._calls[account_id].account, touched=frozenset(places)),
            secrets_touched=frozenset(secrets_touched),
        )

    def _gather(self, account_id: str) -> None:
        # SPEED: a value copies what it has touched at every change; with 20,000 users of a seed
        # that is most of the work, so it is emptied into a set here.
        call, vault = self._calls[account_id], self._vaults[account_id]
        places, secrets_touched = self._touched[account_id]
        places |= call.account.touched
        secrets_touched |= vault.live.secrets_touched
        call.account = call.account.settled()
        vault.live = replace(vault.live, secrets_touched=frozenset())

    def _call(self, vault: AccountVault, now: datetime) -> Call:
        live = vault.live
        return Call(
            service=SERVICE,
            operation="",
            account=live.account,
            caller=Caller.root(live.account.id),
            now=now,
            region="us-east-1",
            request_id="",
            vault=vault,
            desk=cast("Desk", self),
            last_use=live.activity.last_use,
            random=secrets.token_bytes,
        )
