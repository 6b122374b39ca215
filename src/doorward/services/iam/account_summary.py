"""GetAccountSummary: how many of each there are, what root has, and the quotas."""

from typing import Any

from doorward.account.account import Account
from doorward.account.mfa import MfaDevice
from doorward.account.model import (
    Group,
    InstanceProfile,
    ManagedPolicy,
    OidcProvider,
    Role,
    SamlProvider,
    ServerCertificate,
    User,
)
from doorward.catalog.quotas import SUMMARY_QUOTAS
from doorward.services.call import Call
from doorward.services.registry import anything, operation


@operation("iam", on=anything, reads=True)
def get_account_summary(call: Call) -> dict[str, Any]:
    """Return the 34 numbers AWS knows an account by."""
    account = call.account
    quotas = {each.name: account.quota(each.name, each.default) for each in SUMMARY_QUOTAS}
    return {"SummaryMap": _counts(account) | _flags(account) | quotas}


def _counts(account: Account) -> dict[str, int]:
    return {
        "Users": account.count(User),
        "Groups": account.count(Group),
        "Roles": account.count(Role),
        "Policies": account.count(ManagedPolicy),
        # AWS: attached policies count, its own managed ones too; unattached ones do not.
        "PolicyVersionsInUse": len(attached_policies(account)),
        "InstanceProfiles": account.count(InstanceProfile),
        "Providers": account.count(OidcProvider) + account.count(SamlProvider),
        "ServerCertificates": account.count(ServerCertificate),
        # AWS: virtual devices that nobody has taken yet count as well.
        "MFADevices": account.count(MfaDevice),
        "MFADevicesInUse": sum(bool(device.holder) for device in account.all(MfaDevice)),
    }


def attached_policies(account: Account) -> set[str]:
    """The ARNs of the managed policies attached to somebody."""
    holders: list[User | Group | Role] = [
        *account.all(User),
        *account.all(Group),
        *account.all(Role),
    ]
    return {arn for holder in holders for arn in holder.attached}


def _flags(account: Account) -> dict[str, int]:
    profile = account.profile
    return {
        "AccountMFAEnabled": int(bool(account.mfa_devices_of(account.id))),
        "AccountAccessKeysPresent": int(bool(profile.root_keys)),
        "AccountPasswordPresent": int(profile.root_has_password),
        "AccountSigningCertificatesPresent": int(bool(profile.root_certificates)),
        "GlobalEndpointTokenVersion": profile.token_version,
    }
