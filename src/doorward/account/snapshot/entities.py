"""One entry of GetAccountAuthorizationDetails as an entity of the account."""

from collections.abc import Iterable

from doorward.account.model import (
    Group,
    InlinePolicy,
    InstanceProfile,
    ManagedPolicy,
    PolicyVersion,
    Role,
    User,
)
from doorward.account.snapshot.documents import document
from doorward.account.snapshot.forms import (
    GroupForm,
    Held,
    InlineForm,
    InstanceProfileForm,
    PolicyForm,
    RoleForm,
    TagForm,
    UserForm,
    VersionForm,
)
from doorward.account.snapshot.places import Place
from doorward.account.tags import Tag

_LINKED = "/aws-service-role/"


def user(form: UserForm, place: Place) -> User:
    """UserDetail."""
    boundary = form.permissions_boundary
    return User(
        name=form.user_name,
        path=form.path,
        user_id=form.user_id,
        created=form.create_date,
        boundary=boundary.permissions_boundary_arn if boundary else None,
        tags=_tags(form.tags),
        attached=_attached(form),
        inline=_inline(form.user_policy_list, place.at("UserPolicyList")),
        groups=form.group_list,
    )


def group(form: GroupForm, place: Place) -> Group:
    """GroupDetail."""
    return Group(
        name=form.group_name,
        path=form.path,
        group_id=form.group_id,
        created=form.create_date,
        attached=_attached(form),
        inline=_inline(form.group_policy_list, place.at("GroupPolicyList")),
    )


def role(form: RoleForm, place: Place) -> Role:
    """RoleDetail; a service-linked role is known by its path."""
    boundary = form.permissions_boundary
    linked = form.path.removeprefix(_LINKED) if form.path.startswith(_LINKED) else ""
    return Role(
        name=form.role_name,
        path=form.path,
        role_id=form.role_id,
        created=form.create_date,
        trust=document(form.assume_role_policy_document, place.at("AssumeRolePolicyDocument")),
        boundary=boundary.permissions_boundary_arn if boundary else None,
        tags=_tags(form.tags),
        attached=_attached(form),
        inline=_inline(form.role_policy_list, place.at("RolePolicyList")),
        service=linked.rstrip("/") or None,
    )


def instance_profile(form: InstanceProfileForm) -> InstanceProfile:
    """An instance profile of a role."""
    return InstanceProfile(
        name=form.instance_profile_name,
        path=form.path,
        profile_id=form.instance_profile_id,
        created=form.create_date,
        role=form.roles[0].role_name if form.roles else None,
    )


def policy(form: PolicyForm, place: Place) -> ManagedPolicy:
    """ManagedPolicyDetail of a customer managed policy, with every version."""
    where = place.at("PolicyVersionList")
    versions = sorted(
        (_version(each, where.at(index)) for index, each in enumerate(form.policy_version_list)),
        key=_number,
    )
    if form.default_version_id not in {each.id for each in versions}:
        raise where.fault(f"the version in force, {form.default_version_id}, is not there")
    return ManagedPolicy(
        name=form.policy_name,
        path=form.path,
        policy_id=form.policy_id,
        created=form.create_date,
        updated=form.update_date,
        description=form.description,
        versions=tuple(versions),
        default=form.default_version_id,
        issued=_number(versions[-1]),
    )


def _version(form: VersionForm, place: Place) -> PolicyVersion:
    text = document(form.document, place.at("Document"))
    return PolicyVersion(form.version_id, text, form.create_date)


def _number(version: PolicyVersion) -> int:
    return int(version.id.removeprefix("v"))


def _tags(forms: Iterable[TagForm]) -> tuple[Tag, ...]:
    return tuple(Tag(each.key, each.value) for each in forms)


def _attached(form: Held) -> tuple[str, ...]:
    return tuple(each.policy_arn for each in form.attached_managed_policies)


def _inline(forms: Iterable[InlineForm], place: Place) -> tuple[InlinePolicy, ...]:
    return tuple(
        InlinePolicy(
            each.policy_name, document(each.policy_document, place.at(index, "PolicyDocument"))
        )
        for index, each in enumerate(forms)
    )
