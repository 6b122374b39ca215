from datetime import UTC, datetime

import pytest
from tests.services.iam.certificates import issue, metadata
from tests.services.sts.conftest import a_call

from doorward.account.account import Account
from doorward.account.caller import Caller
from doorward.account.mfa import MfaDevice, MfaKind
from doorward.account.model import AccessKey, Profile, SigningCertificate
from doorward.catalog.quotas import SUMMARY_COUNTS, SUMMARY_FLAGS, SUMMARY_QUOTAS
from doorward.services.iam.account_summary import get_account_summary

ID = "123456789012"
NOW = datetime(2026, 9, 11, tzinfo=UTC)

TRUST = (
    '{"Version":"2012-10-17","Statement":'
    '{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}}'
)
GRANT = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}'
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"


def summary(house):
    return house.iam.get_account_summary()["SummaryMap"]


def test_there_are_34_numbers_and_the_quotas_are_aws_s(house):
    found = summary(house)
    assert len(found) == 34
    assert (found["UsersQuota"], found["AttachedPoliciesPerRoleQuota"]) == (5000, 20)
    assert (found["AssumeRolePolicySizeQuota"], found["VersionsPerPolicyQuota"]) == (2048, 5)


def test_root_of_a_new_account_has_a_password_and_no_keys(house):
    found = summary(house)
    assert (found["AccountPasswordPresent"], found["AccountAccessKeysPresent"]) == (1, 0)


def add_server_certificate(iam):
    made = issue("web")
    iam.upload_server_certificate(
        ServerCertificateName="web", CertificateBody=made.pem, PrivateKey=made.key_pem
    )


@pytest.mark.parametrize(
    ("name", "add"),
    [
        ("Users", lambda iam: iam.create_user(UserName="x")),
        ("Groups", lambda iam: iam.create_group(GroupName="x")),
        ("Roles", lambda iam: iam.create_role(RoleName="x", AssumeRolePolicyDocument=TRUST)),
        ("Policies", lambda iam: iam.create_policy(PolicyName="x", PolicyDocument=GRANT)),
        ("InstanceProfiles", lambda iam: iam.create_instance_profile(InstanceProfileName="x")),
        (
            "Providers",
            lambda iam: iam.create_open_id_connect_provider(Url="https://idp.example.com"),
        ),
        (
            "Providers",
            lambda iam: iam.create_saml_provider(Name="x", SAMLMetadataDocument=metadata()),
        ),
        ("ServerCertificates", add_server_certificate),
    ],
)
def test_each_kind_is_counted(house, name, add):
    before = summary(house)
    add(house.iam)
    after = summary(house)
    assert {each for each in after if after[each] != before[each]} == {name}
    assert after[name] == before[name] + 1


def test_policies_are_in_use_when_attached(house):
    before = summary(house)["PolicyVersionsInUse"]
    house.iam.create_user(UserName="ann")
    house.iam.create_user(UserName="bob")
    for name in ("ann", "bob"):
        house.iam.attach_user_policy(UserName=name, PolicyArn=READ_ONLY)
    assert summary(house)["PolicyVersionsInUse"] == before + 1


def test_the_numbers_are_the_catalogues(house):
    names = {*SUMMARY_COUNTS, *SUMMARY_FLAGS, *(each.name for each in SUMMARY_QUOTAS)}
    assert set(summary(house)) == names


def device(serial, holder=None):
    return MfaDevice(
        serial=serial, kind=MfaKind.VIRTUAL, device_id=serial, created=NOW, holder=holder
    )


def of(*entities, **profile):
    account = Account.of(ID, [Profile(id=ID, email="", created=NOW, **profile), *entities])
    return get_account_summary(a_call(Caller.root(ID), account=account))["SummaryMap"]


def test_devices_are_counted_and_those_in_use():
    devices = [device("a"), device("b", "AIDA1"), device("c", ID)]
    found = of(*devices)
    assert (found["MFADevices"], found["MFADevicesInUse"]) == (3, 2)


@pytest.mark.parametrize(("holder", "enabled"), [(ID, 1), ("AIDA1", 0), (None, 0)])
def test_the_account_has_mfa_when_root_has(holder, enabled):
    assert of(device("a", holder))["AccountMFAEnabled"] == enabled


def test_what_root_has():
    names = [
        "AccountAccessKeysPresent",
        "AccountPasswordPresent",
        "AccountSigningCertificatesPresent",
    ]
    without = of(root_has_password=False)
    given = of(
        root_keys=(AccessKey("AKIA", NOW),),
        root_certificates=(SigningCertificate("A", "", NOW),),
    )
    assert [without[name] for name in names] == [0, 0, 0]
    assert [given[name] for name in names] == [1, 1, 1]
