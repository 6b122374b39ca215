"""The account's alias: the name people sign in with instead of twelve digits."""

import re
from dataclasses import replace
from typing import Any

from doorward.services.call import Call
from doorward.services.iam.errors import EntityAlreadyExists, InvalidInput, NoSuchEntity
from doorward.services.paging import page
from doorward.services.registry import anything, operation

_ACCOUNT_ID = re.compile(r"[0-9]{12}")


@operation("iam", on=anything)
def create_account_alias(call: Call, *, account_alias: str) -> None:
    """Give the account an alias; there is one, so a new alias replaces the old."""
    profile = call.account.profile
    if _ACCOUNT_ID.fullmatch(account_alias):
        # INVARIANT: people sign in with an alias or an id; one must not pass for the other.
        raise InvalidInput.account_alias(account_alias)
    if account_alias in profile.aliases:
        raise EntityAlreadyExists.alias(account_alias)
    call.update(replace(profile, aliases=(account_alias,)))


@operation("iam", on=anything, reads=True)
def list_account_aliases(
    call: Call, *, marker: str | None = None, max_items: int | None = None
) -> dict[str, Any]:
    """List the account's alias, if it has one."""
    aliases = call.account.profile.aliases
    shown, rest = page(call, aliases, str, marker=marker, max_items=max_items)
    return {"AccountAliases": list(shown), **rest}


@operation("iam", on=anything)
def delete_account_alias(call: Call, *, account_alias: str) -> None:
    """Take the account's alias away."""
    profile = call.account.profile
    if account_alias not in profile.aliases:
        raise NoSuchEntity.alias(account_alias)
    left = tuple(alias for alias in profile.aliases if alias != account_alias)
    call.update(replace(profile, aliases=left))
