"""IAM and STS quotas, with where each number is from.

Source: IAM User Guide, "IAM and AWS STS quotas"; GetAccountSummary as AWS was recorded
answering. Accounts may have raised ones: `maximum` is how far AWS goes, where it says.
"""

from __future__ import annotations

from dataclasses import dataclass

_RECORDED = "GetAccountSummary as AWS answered"
_GUIDE = "IAM User Guide, IAM and AWS STS quotas"
_STS = "STS API reference, AssumeRole"
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
    return Quota(name, default, maximum, _RECORDED, "2026-09")


def _guide(name: str, default: int, maximum: int | None = None) -> Quota:
    return Quota(name, default, maximum, _GUIDE, "2023-09")


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
    _summary("GroupsQuota", 300, 500),
    _summary("RolesQuota", 1000, 5000),
    _summary("PoliciesQuota", 1500, 5000),
    _summary("PolicyVersionsInUseQuota", 10000),
    _summary("InstanceProfilesQuota", 1000, 5000),
    _summary("ServerCertificatesQuota", 20, 1000),
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
    _guide("OidcProvidersPerAccount", 100, 700),
    _guide("SamlProvidersPerAccount", 100),
    _guide("PermissionsBoundariesPerEntity", 1),
    _guide("RolesPerInstanceProfile", 1),
    _guide("LoginProfilesPerUser", 1),
    _guide("AccountAliasesPerAccount", 1),
    Quota("SessionPolicySize", 2048, None, _STS, "2026-09"),
    Quota("ManagedPoliciesPerSession", 10, None, _STS, "2026-09"),
    Quota("TagsPerSession", 50, None, _STS, "2026-09"),
    Quota("OrganizationPolicySize", 5120, None, _ORGANIZATIONS, "2026-09"),
    Quota("PoliciesPerOrganizationTarget", 5, None, _ORGANIZATIONS, "2026-09"),
    Quota("OrganizationalUnitDepth", 5, None, _ORGANIZATIONS, "2026-09"),
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
