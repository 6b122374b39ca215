"""GetAccountAuthorizationDetails: the whole account in pages, as auditors download it."""

from collections.abc import Iterable, Sequence
from typing import Any

from doorward.account.account import Account
from doorward.account.model import Group, ManagedPolicy, Role, User
from doorward.catalog import managed_policies
from doorward.catalog.managed_policies import ManagedPolicyFact
from doorward.services.call import Call
from doorward.services.iam import shape_details
from doorward.services.iam.account_summary import attached_policies
from doorward.services.iam.errors import ValidationError
from doorward.services.iam.find import AnyPolicy
from doorward.services.paging import BadMarker, opened, page
from doorward.services.registry import anything, operation

Detail = User | Group | Role | AnyPolicy

_FILTERS: dict[type[Detail], str] = {
    User: "User",
    Group: "Group",
    Role: "Role",
    ManagedPolicy: "LocalManagedPolicy",
    ManagedPolicyFact: "AWSManagedPolicy",
}


@operation("iam", on=anything, reads=True)
def get_account_authorization_details(
    call: Call,
    *,
    filter: Sequence[str] = (),  # noqa: A002 - the model's name
    max_items: int | None = None,
    marker: str | None = None,
) -> dict[str, Any]:
    """Return users, groups, roles and policies with everything that grants or limits.

    Without a filter, all; of AWS's policies only those attached to somebody.
    """
    wanted = frozenset(filter) or frozenset(_FILTERS.values())
    tag = ",".join(sorted(wanted))
    _refuse_other_filter(call, marker, tag)
    details = _details(call.account, wanted)

    def place(of: Detail) -> str:
        return f"{tag} {_place(of)}"

    shown, rest = page(call, details, place, marker=marker, max_items=max_items)
    return _sections(call, shown) | rest


def _refuse_other_filter(call: Call, marker: str | None, tag: str) -> None:
    if marker is None:
        return
    try:
        place = opened(call, marker)
    except BadMarker:
        raise ValidationError.marker_of_other_filter() from None
    if place.partition(" ")[0] != tag:
        raise ValidationError.marker_of_other_filter()


def _details(account: Account, wanted: frozenset[str]) -> list[Detail]:
    """What was asked for, section by section: the order of `_place`."""
    sections: tuple[Iterable[Detail], ...] = (
        account.all(User),
        account.all(Group),
        account.all(Role),
        account.all(ManagedPolicy),
        _attached_of_aws(account),
    )
    return [
        detail
        for kind, section in zip(_FILTERS, sections, strict=True)
        if _FILTERS[kind] in wanted
        for detail in section
    ]


def _attached_of_aws(account: Account) -> list[ManagedPolicyFact]:
    arns = sorted(attached_policies(account))
    return [fact for arn in arns if (fact := managed_policies.get(arn))]


def _place(of: Detail) -> str:
    section = list(_FILTERS).index(type(of))
    return f"{section} {of.arn if isinstance(of, ManagedPolicyFact) else of.key}"


def _sections(call: Call, shown: Iterable[Detail]) -> dict[str, Any]:
    """The four lists, always all four."""
    users, groups, roles, policies = [], [], [], []
    for of in shown:
        if isinstance(of, User):
            users.append(shape_details.user(call, of))
        elif isinstance(of, Group):
            groups.append(shape_details.group(call, of))
        elif isinstance(of, Role):
            roles.append(shape_details.role(call, of))
        else:
            policies.append(shape_details.policy(call.account, of))
    return {
        "UserDetailList": users,
        "GroupDetailList": groups,
        "RoleDetailList": roles,
        "Policies": policies,
    }
