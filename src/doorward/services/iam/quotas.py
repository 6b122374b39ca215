"""Refuse what would exceed a quota; the numbers are the catalogue's, raised by seed or setting."""

from doorward.catalog.quotas import quota as known_quota
from doorward.services.call import Call
from doorward.services.iam.errors import LimitExceeded

_SAID = {
    "UsersQuota": "UsersPerAccount",
    "GroupsQuota": "GroupsPerAccount",
    "RolesQuota": "RolesPerAccount",
    "PoliciesQuota": "PoliciesPerAccount",
    "InstanceProfilesQuota": "InstanceProfilesPerAccount",
    "ServerCertificatesQuota": "ServerCertificatesPerAccount",
    "AccessKeysPerUserQuota": "AccessKeysPerUser",
    "SigningCertificatesPerUserQuota": "SigningCertificatesPerUser",
    "GroupsPerUserQuota": "GroupsPerUser",
    "AttachedPoliciesPerUserQuota": "PoliciesPerUser",
    "AttachedPoliciesPerGroupQuota": "PoliciesPerGroup",
    "AttachedPoliciesPerRoleQuota": "PoliciesPerRole",
}


def quota(call: Call, name: str) -> int:
    """The quota in force, by its GetAccountSummary name."""
    return call.account.quota(name, known_quota(name).default)


def refuse_over_quota(call: Call, name: str, used: int) -> None:
    """Refuse one more when `used` has reached the quota."""
    most = quota(call, name)
    if used >= most:
        raise LimitExceeded.quota(_SAID.get(name, name), most)
