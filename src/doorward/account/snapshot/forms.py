"""The answer of GetAccountAuthorizationDetails, as tools print it; what is not read is passed over.

Source: IAM API reference, GetAccountAuthorizationDetails.
"""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Raw, Struct

Time = Annotated[datetime, Meta(tz=True)]


class TagForm(Struct, rename="pascal"):
    """A tag."""

    key: str
    value: str


class InlineForm(Struct, rename="pascal"):
    """An inline policy."""

    policy_name: str
    policy_document: Raw


class AttachedForm(Struct, rename="pascal"):
    """A managed policy where it is attached."""

    policy_arn: str


class BoundaryForm(Struct, rename="pascal"):
    """A permissions boundary."""

    permissions_boundary_arn: str


class Held(Struct, rename="pascal", kw_only=True):
    """What every entity has."""

    path: str
    arn: str
    create_date: Time
    attached_managed_policies: tuple[AttachedForm, ...] = ()


class UserForm(Held, rename="pascal", kw_only=True):
    """UserDetail."""

    user_name: str
    user_id: str
    user_policy_list: tuple[InlineForm, ...] = ()
    group_list: tuple[str, ...] = ()
    permissions_boundary: BoundaryForm | None = None
    tags: tuple[TagForm, ...] = ()


class GroupForm(Held, rename="pascal", kw_only=True):
    """GroupDetail."""

    group_name: str
    group_id: str
    group_policy_list: tuple[InlineForm, ...] = ()


class RoleOfProfileForm(Struct, rename="pascal"):
    """The role in an instance profile."""

    role_name: str


class InstanceProfileForm(Struct, rename="pascal"):
    """An instance profile, as it stands with its role."""

    path: str
    arn: str
    create_date: Time
    instance_profile_name: str
    instance_profile_id: str
    roles: tuple[RoleOfProfileForm, ...] = ()


class RoleForm(Held, rename="pascal", kw_only=True):
    """RoleDetail."""

    role_name: str
    role_id: str
    assume_role_policy_document: Raw
    role_policy_list: tuple[InlineForm, ...] = ()
    instance_profile_list: tuple[InstanceProfileForm, ...] = ()
    permissions_boundary: BoundaryForm | None = None
    tags: tuple[TagForm, ...] = ()


class VersionForm(Struct, rename="pascal"):
    """One version of a managed policy."""

    document: Raw
    version_id: Annotated[str, Meta(pattern=r"\Av[1-9][0-9]{0,8}\Z")]
    create_date: Time


class PolicyForm(Struct, rename="pascal", kw_only=True):
    """ManagedPolicyDetail."""

    policy_name: str
    policy_id: str
    path: str
    arn: str
    default_version_id: str
    create_date: Time
    update_date: Time
    description: str | None = None
    policy_version_list: tuple[VersionForm, ...]


class Page(Struct, rename="pascal", kw_only=True):
    """One answer; a list that was filtered out may be absent."""

    user_detail_list: tuple[UserForm, ...] | None = None
    group_detail_list: tuple[GroupForm, ...] | None = None
    role_detail_list: tuple[RoleForm, ...] | None = None
    policies: tuple[PolicyForm, ...] | None = None
    is_truncated: bool = False
