"""IAM and STS quotas, with where each number is from.

Source: IAM User Guide, "IAM and AWS STS quotas"; GetAccountSummary as AWS was recorded
answering. Accounts may have raised ones: `maximum` is how far AWS goes (the guide, 2023), None
where no source here says.
"""

from __future__ import annotations

from dataclasses import dataclass

_RECORDED = "GetAccountSummary as AWS answered"
_GUIDE = "IAM User Guide, IAM and AWS STS quotas"
_MODEL = "API reference of the operation, as in botocore's model"
_MODEL_AS_OF = "botocore 1.44.5"
_ORGANIZATIONS = "Organizations User Guide, quotas"


@dataclass(frozen=True, slots=True)
class Quota:
    """One limit: a count, or characters where the name ends in Size."""

    name: str
    default: int
    maximum: int | None
    source: str
    as_of: str


def _summary(name: str, default: int, maximum: int | None = None) -> Quota:
    return Quota(name, default, maximum, _RECORDED, "2026-09-11")


def _guide(name: str, default: int) -> Quota:
    return Quota(name, default, None, _GUIDE, "2023")


SUMMARY_COUNTS = (
    "Users",
    "Groups",
    "Roles",
    "Policies",
    "PolicyVersionsInUse",
    "InstanceProfiles",
    "Providers",
    "ServerCertificates",
    "MFADevices",
    "MFADevicesInUse",
)
"""Members of GetAccountSummary that count what there is. Policies: customer managed ones."""

SUMMARY_FLAGS = (
    "AccountMFAEnabled",
    "AccountAccessKeysPresent",
    "AccountPasswordPresent",
    "AccountSigningCertificatesPresent",
    "GlobalEndpointTokenVersion",
)
"""Members of GetAccountSummary about root and the account; the token version is 1 or 2."""

SUMMARY_QUOTAS = (
    _summary("UsersQuota", 5000),
    _summary("GroupsQuota", 300),
    _summary("RolesQuota", 1000),
    # AWS: 2000 in one recorded account; 1500 in the other and in the guide.
    _summary("PoliciesQuota", 1500, 5000),
    _summary("PolicyVersionsInUseQuota", 10000),
    _summary("InstanceProfilesQuota", 1000),
    _summary("ServerCertificatesQuota", 20),
    _summary("AccessKeysPerUserQuota", 2),
    _summary("SigningCertificatesPerUserQuota", 2),
    _summary("GroupsPerUserQuota", 10),
    _summary("AttachedPoliciesPerUserQuota", 10, 20),
    _summary("AttachedPoliciesPerGroupQuota", 10),
    # AWS: documented as 10, recorded as 20 in accounts with otherwise default quotas.
    _summary("AttachedPoliciesPerRoleQuota", 20),
    _summary("VersionsPerPolicyQuota", 5),
    _summary("UserPolicySizeQuota", 2048),
    _summary("GroupPolicySizeQuota", 5120),
    _summary("RolePolicySizeQuota", 10240),
    _summary("AssumeRolePolicySizeQuota", 2048, 4096),
    _summary("PolicySizeQuota", 6144),
)
"""Quotas GetAccountSummary answers with."""

OTHER_QUOTAS = (
    _guide("TagsPerEntity", 50),
    _guide("MfaDevicesPerUser", 8),
    _guide("OidcProvidersPerAccount", 100),
    _guide("SamlProvidersPerAccount", 100),
    _guide("SSHPublicKeysPerUser", 5),
    _guide("ServiceSpecificCredentialsPerUser", 2),
    _guide("PermissionsBoundariesPerEntity", 1),
    Quota("RolesPerInstanceProfile", 1, None, _MODEL, _MODEL_AS_OF),
    Quota("SessionPolicySize", 2048, None, _MODEL, _MODEL_AS_OF),
    Quota("ManagedPoliciesPerSession", 10, None, _MODEL, _MODEL_AS_OF),
    Quota("TagsPerSession", 50, None, _MODEL, _MODEL_AS_OF),
    Quota("OrganizationPolicySize", 5120, None, _ORGANIZATIONS, "2026"),
    Quota("PoliciesPerOrganizationTarget", 5, None, _ORGANIZATIONS, "2026"),
    Quota("OrganizationalUnitDepth", 5, None, _ORGANIZATIONS, "2026"),
)
"""Quotas GetAccountSummary says nothing about."""

_QUOTAS = {quota.name: quota for quota in (*SUMMARY_QUOTAS, *OTHER_QUOTAS)}
_WHITE_SPACE = str.maketrans("", "", " \t\r\n")


def quota(name: str) -> Quota:
    """Look a quota up by its name.

    Raises:
        KeyError: there is no such quota.
    """
    return _QUOTAS[name]


def policy_size(text: str) -> int:
    """Count a document the way the quotas of managed and inline policies do.

    AWS: IAM does not count white space; Organizations and STS count every character.
    """
    return len(text.translate(_WHITE_SPACE))
