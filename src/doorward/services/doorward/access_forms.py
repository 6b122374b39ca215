"""What a question about access may look like, and what it means in an account."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from doorward.account.account import Account
from doorward.account.model import Entity, Role, User
from doorward.analysis.question import Holder, Question, holder_of
from doorward.policy import Arn, Attached, Policy
from doorward.policy.variables import Values
from doorward.services.doorward.context import GLOBAL_REGION, GLOBAL_SERVICES
from doorward.services.doorward.errors import ValidationException
from doorward.services.doorward.forms import ContextValue, context_values, policy_text

_ACTION: Final = re.compile(r"[A-Za-z0-9-]+:[A-Za-z0-9_.-]+")
_ACCOUNT: Final = re.compile(r"[0-9]{12}")


class Asked(Struct, frozen=True, forbid_unknown_fields=True):
    """The body of a question about one action.

    Attributes:
        principal: An ARN, `NAME` of a user, `role/NAME`, `user/NAME` or `root`.
        resource: An ARN, `*`, or `user/NAME`, `role/NAME`, `group/NAME`, `policy/NAME`.
    """

    principal: str = ""
    action: str = ""
    resource: str = "*"
    resource_account: str | None = None
    context: dict[str, ContextValue] = {}
    resource_policy: str | dict[str, Any] | None = None
    resource_tags: dict[str, str] = {}
    explain: bool = False


class AskedOfAll(Struct, frozen=True, forbid_unknown_fields=True):
    """The body of a question about all actions; without a resource, about any.

    Attributes:
        services: Prefixes such as `s3`; empty for all.
    """

    principal: str = ""
    resource: str | None = None
    resource_account: str | None = None
    context: dict[str, ContextValue] = {}
    services: list[str] = []
    explain: bool = False


def principal_arn(account: Account, name: str) -> str:
    """The ARN of a principal given as in `Asked`. It need not exist; paths may be left out."""
    if name.startswith("arn:"):
        return name
    kind, slash, rest = name.rpartition("/")
    user = None if kind == "role" else account.user(rest)
    if name == "root" and user is None:
        return f"arn:aws:iam::{account.id}:root"
    found: User | Role | None = account.role(rest) if kind == "role" else user
    if found is not None and kind in {"", "user", "role"}:
        return account.arn(found)
    return f"arn:aws:iam::{account.id}:{name if slash else f'user/{name}'}"


def holder_named(account: Account, name: str) -> Holder:
    """The principal of that name.

    Raises:
        ValidationException: there is none.
    """
    found = holder_of(account, principal_arn(account, name))
    if found is None:
        raise ValidationException.at(
            "principal",
            f"{name or 'nobody'} is none of account {account.id}: give the name of a user, "
            "role/NAME, root, or the ARN of one of its users, roles or role sessions",
        )
    return found


def resource_arn(account: Account, name: str) -> str:
    """The ARN of a resource given as in `Asked`. It need not exist; paths may be left out.

    Raises:
        ValidationException: it is given in another form.
    """
    kind, _, rest = name.partition("/")
    find: Mapping[str, Callable[[str], Entity | None]] = {
        "user": account.user,
        "role": account.role,
        "group": account.group,
        "policy": account.policy_named,
    }
    if kind in find and rest:
        found = find[kind](rest)
        return account.arn(found) if found else f"arn:aws:iam::{account.id}:{name}"
    if name != "*" and Arn.parse(name) is None:
        raise ValidationException.at("resource", "expected an ARN, *, or KIND/NAME of this account")
    return name


def question_of(account: Account, asked: Asked, now: datetime) -> Question:
    """The question, with what is known of the call there might be.

    Raises:
        ValidationException: a member has another form.
    """
    if not _ACTION.fullmatch(asked.action):
        raise ValidationException.at("action", "expected one action, as s3:GetObject")
    owner = owner_of(asked)
    resource = resource_arn(account, asked.resource)
    tags = {f"aws:resourcetag/{key.lower()}": value for key, value in asked.resource_tags.items()}
    given = context_values(asked.context, "context")
    return Question.of(
        *(account, asked.action, resource),
        context=known_of_call(resource, now) | _global_region(asked.action) | tags | given,
        resource_policy=_resource_policy(asked),
        resource_account=owner,
    )


def owner_of(asked: Asked | AskedOfAll) -> str | None:
    """The account said to own the resource.

    Raises:
        ValidationException: it is no account id.
    """
    owner = asked.resource_account
    if owner is not None and not _ACCOUNT.fullmatch(owner):
        raise ValidationException.at("resource_account", "expected twelve digits")
    return owner


def known_of_call(resource: str, now: datetime) -> dict[str, Values]:
    """The keys any call would have; a regional resource is reached in its own region."""
    arn = Arn.parse(resource)
    region = {"aws:requestedregion": arn.region} if arn and arn.region else {}
    return {
        "aws:currenttime": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        "aws:epochtime": str(int(now.timestamp())),
        "aws:viaawsservice": "false",
        **region,
    }


def _global_region(action: str) -> dict[str, Values]:
    """Calls of services without regions arrive in one, wherever they come from."""
    known = action.lower().partition(":")[0] in GLOBAL_SERVICES
    return {"aws:requestedregion": GLOBAL_REGION} if known else {}


def _resource_policy(asked: Asked) -> Attached | None:
    document = asked.resource_policy
    if document is None:
        return None
    text = policy_text(document, "resource_policy")
    kind = "trust" if asked.action.lower().startswith("sts:") else "resource"
    return Attached(Policy.parse_or_deny(text, kind), "the resource's policy")
