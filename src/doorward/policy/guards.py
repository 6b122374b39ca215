"""Rules of services that stand beside the policies: data, each in one place."""

import re
from typing import Final

from doorward.policy.request import PrincipalKind, Request

_OUTSIDE: Final = frozenset({PrincipalKind.SERVICE, PrincipalKind.ANONYMOUS})
FREE: Final = frozenset({"sts:getcalleridentity", "sts:getsessiontoken"})
"""Actions in which policies may have no say, in lower case."""

_ROLE: Final = re.compile(r"arn:[^:]*+:iam::[^:]*+:role/")
_KEY: Final = re.compile(r"arn:[^:]*+:kms:[^:]*+:[^:]*+:key/")

SELF_GUARDING: Final = (
    (re.compile(r"sts:(?:assumerole.*+|tagsession|setsourceidentity)", re.DOTALL), _ROLE),
    (re.compile(r"kms:.*+", re.DOTALL), _KEY),
)
"""Actions and resources whose own policy must allow, even inside the account."""

_ROLE_CHANGES: Final = frozenset(
    f"iam:{name}"
    for name in (
        *("attachrolepolicy", "createrole", "deleterole", "deleterolepermissionsboundary"),
        *("deleterolepolicy", "detachrolepolicy", "passrole", "putrolepermissionsboundary"),
        *("putrolepolicy", "tagrole", "untagrole", "updateassumerolepolicy", "updaterole"),
        "updateroledescription",
    )
)
_POLICY_CHANGES: Final = frozenset(
    f"iam:{name}"
    for name in (
        *("createpolicyversion", "deletepolicy", "deletepolicyversion"),
        *("setdefaultpolicyversion", "tagpolicy", "untagpolicy"),
    )
)
_ALIAS_CHANGES: Final = frozenset({"kms:createalias", "kms:updatealias", "kms:deletealias"})

REFUSED: Final = (
    (_POLICY_CHANGES, re.compile(r"arn:[^:]*+:iam::aws:policy/"), "AWS managed policies are AWS's"),
    (
        _ROLE_CHANGES,
        re.compile(r"arn:[^:]*+:iam::[^:]*+:role/aws-reserved/"),
        "roles under aws-reserved are AWS's",
    ),
    (
        _ALIAS_CHANGES,
        re.compile(r"arn:[^:]*+:kms:[^:]*+:[^:]*+:alias/aws/"),
        "aliases under aws/ are AWS's",
    ),
)
"""What a service refuses whatever the policies allow."""

_ASSUME: Final = "sts:assumerole"
REFUSABLE: Final = frozenset({_ASSUME}).union(*(actions for actions, _, _ in REFUSED))
"""Actions a service may refuse, in lower case."""

_SERVICE_LINKED: Final = re.compile(r"arn:[^:]*+:iam::[^:]*+:role/aws-service-role/")


def is_always_allowed(request: Request) -> bool:
    """Whether no policy has a say in this request for a `FREE` action.

    So it is for `sts:GetCallerIdentity`, and for `sts:GetSessionToken` of a user or root with
    long-term keys.
    """
    kind = request.principal.kind
    if request.folded == "sts:getcalleridentity":
        return kind not in _OUTSIDE
    lasting = "aws:tokenissuetime" not in request.context
    return lasting and (kind is PrincipalKind.USER or kind is PrincipalKind.ROOT)


def is_self_guarding(request: Request) -> bool:
    """Whether the resource's own policy must allow, even inside the account."""
    if not request.folded.startswith(("sts:", "kms:")):
        return False
    return any(
        actions.fullmatch(request.folded) and resources.match(request.resource)
        for actions, resources in SELF_GUARDING
    )


def refusal(request: Request) -> str:
    """Why the service refuses a `REFUSABLE` action whatever is allowed; empty where it does not."""
    action = request.folded
    if action == _ASSUME and _SERVICE_LINKED.match(request.resource):
        service = request.principal.kind is PrincipalKind.SERVICE
        return "" if service else "a service-linked role is assumed by its service only"
    return next(
        (
            reason
            for actions, resources, reason in REFUSED
            if action in actions and resources.match(request.resource)
        ),
        "",
    )
