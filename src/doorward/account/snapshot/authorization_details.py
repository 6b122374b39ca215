"""GetAccountAuthorizationDetails as an account.

`aws iam get-account-authorization-details` prints it as one page; tools that call the API keep
several. It tells nothing of credentials, providers and the root user. Of AWS's own policies the
documents of the catalogue count, not those of the snapshot.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from doorward.account.account import Account
from doorward.account.model import Group, InstanceProfile, ManagedPolicy, Profile, Role, User
from doorward.account.snapshot import entities
from doorward.account.snapshot.errors import SnapshotError
from doorward.account.snapshot.forms import Page
from doorward.account.snapshot.places import Place

_DECODER = msgspec.json.Decoder(Page)
_OF_AWS = "arn:aws:iam::aws:policy/"
_ARN = re.compile(r"arn:aws:iam::([0-9]{12}):")


_Entity = User | Group | Role | InstanceProfile | ManagedPolicy


class _Found(NamedTuple):
    place: Place
    arn: str
    entity: _Entity


def read_authorization_details(pages: Iterable[bytes]) -> Account:
    """Read the pages, in any order, as one account.

    Raises:
        SnapshotError: a page cannot be read, pages are missing or contradict each other, or
            somebody holds a group or policy that is on no page.
    """
    read = [_page(number, content) for number, content in enumerate(pages, 1)]
    if read and all(page.is_truncated for page in read):
        raise SnapshotError("the last page is missing: every page says that there are more")
    found = [each for number, page in enumerate(read, 1) for each in _entities(number, page)]
    account = _account(found)
    for each in found:
        _refuse_dangling(account, each)
    return account


def _page(number: int, content: bytes) -> Page:
    try:
        page = _DECODER.decode(content)
    except msgspec.DecodeError as error:
        reason, _, path = str(error).partition(" - at `")
        raise SnapshotError(reason, page=number, path=path.rstrip("`")) from None
    except (UnicodeDecodeError, RecursionError):
        raise SnapshotError("the page is not UTF-8, or nested too deeply", page=number) from None
    lists = (page.user_detail_list, page.group_detail_list, page.role_detail_list, page.policies)
    if all(each is None for each in lists):
        raise SnapshotError("the page holds no authorization details", page=number)
    return page


def _entities(number: int, page: Page) -> Iterator[_Found]:
    """What stands on a page, AWS's own policies left out."""
    top = Place(number)
    for index, user in enumerate(page.user_detail_list or ()):
        place = top.at("UserDetailList", index)
        yield _Found(place, user.arn, entities.user(user, place))
    for index, group in enumerate(page.group_detail_list or ()):
        place = top.at("GroupDetailList", index)
        yield _Found(place, group.arn, entities.group(group, place))
    for index, role in enumerate(page.role_detail_list or ()):
        place = top.at("RoleDetailList", index)
        yield _Found(place, role.arn, entities.role(role, place))
        for inner, profile in enumerate(role.instance_profile_list):
            inside = place.at("InstanceProfileList", inner)
            yield _Found(inside, profile.arn, entities.instance_profile(profile))
    for index, policy in enumerate(page.policies or ()):
        place = top.at("Policies", index)
        if not policy.arn.startswith(_OF_AWS):
            yield _Found(place, policy.arn, entities.policy(policy, place))


def _account(found: list[_Found]) -> Account:
    """The account all of these are of.

    The snapshot tells nothing of the root user: its e-mail address stays empty.
    """
    if not found:
        raise SnapshotError("nothing here says which account it is")
    first = _ARN.match(found[0].arn)
    if first is None:
        raise found[0].place.at("Arn").fault(f"{found[0].arn} is no ARN of IAM")
    account_id = first[1]
    created = min(each.entity.created for each in found)
    known: dict[tuple[type, str], _Entity] = {}
    for each in found:
        expected = f"arn:aws:iam::{account_id}:{each.entity.resource}"
        if each.arn != expected:
            raise each.place.at("Arn").fault(f"expected {expected}, got {each.arn}")
        if known.setdefault((type(each.entity), each.entity.key), each.entity) != each.entity:
            raise each.place.fault("stands twice, in two forms")
    return Account.of(
        account_id, [Profile(id=account_id, email="", created=created), *known.values()]
    )


def _refuse_dangling(account: Account, found: _Found) -> None:
    """Refuse whoever holds what is on no page: it would be judged on half of what it has."""
    for place, name in _missing(account, found):
        raise place.fault(f"{name} is on no page")


def _missing(account: Account, found: _Found) -> Iterator[tuple[Place, str]]:
    entity, place = found.entity, found.place
    if isinstance(entity, User):
        for index, name in enumerate(entity.groups):
            if account.group(name) is None:
                yield place.at("GroupList", index), f"the group {name}"
    if isinstance(entity, User | Group | Role):
        for index, arn in enumerate(entity.attached):
            if _is_missing(account, arn):
                yield place.at("AttachedManagedPolicies", index), arn
    boundary = entity.boundary if isinstance(entity, User | Role) else None
    if boundary and _is_missing(account, boundary):
        yield place.at("PermissionsBoundary"), boundary


def _is_missing(account: Account, arn: str) -> bool:
    return not arn.startswith(_OF_AWS) and account.policy(arn) is None
