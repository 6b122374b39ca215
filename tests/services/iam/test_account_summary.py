import pytest
from tests.services.iam.certificates import issue, metadata

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
