import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.catalog.quotas import (
    OTHER_QUOTAS,
    SUMMARY_COUNTS,
    SUMMARY_FLAGS,
    SUMMARY_QUOTAS,
    policy_size,
    quota,
)


def test_the_account_summary_has_botocores_34_members():
    from botocore.loaders import Loader

    shapes = Loader().load_service_model("iam", "service-2")["shapes"]
    names = {*SUMMARY_COUNTS, *SUMMARY_FLAGS, *(one.name for one in SUMMARY_QUOTAS)}
    assert len(names) == 34
    assert names == set(shapes["summaryKeyType"]["enum"])


@pytest.mark.rule("10/managed", "10/attached", "10/versions", "10/groups", "10/trust")
@pytest.mark.parametrize(
    ("name", "default"),
    [
        ("PoliciesQuota", 1500),
        ("AttachedPoliciesPerRoleQuota", 20),
        ("AttachedPoliciesPerUserQuota", 10),
        ("AccessKeysPerUserQuota", 2),
        ("VersionsPerPolicyQuota", 5),
        ("PolicySizeQuota", 6144),
        ("AssumeRolePolicySizeQuota", 2048),
        ("GroupsPerUserQuota", 10),
        ("TagsPerEntity", 50),
        ("MfaDevicesPerUser", 8),
        ("OidcProvidersPerAccount", 100),
        ("SamlProvidersPerAccount", 100),
    ],
)
def test_defaults(name, default):
    assert quota(name).default == default


def test_every_quota_says_where_it_is_from():
    for one in (*SUMMARY_QUOTAS, *OTHER_QUOTAS):
        assert one.source
        assert one.as_of
        assert one.maximum is None or one.maximum > one.default


def test_an_unknown_quota_is_an_error():
    with pytest.raises(KeyError):
        quota("Nope")


@pytest.mark.parametrize(
    ("text", "size"), [("", 0), ("{}", 2), (' {\t"a" :\r\n "b c"} ', 10), ("é", 1)]
)
def test_policy_size(text, size):
    assert policy_size(text) == size


@given(st.text(), st.text(alphabet=" \t\r\n"))
def test_white_space_is_free_wherever_it_stands(text, space):
    assert policy_size(space.join(text)) == policy_size(text) <= len(text)


@given(st.text(alphabet=string.ascii_letters + string.digits + '{}[]":,*'))
def test_everything_else_counts(text):
    assert policy_size(text) == len(text)
