import pytest
from tests.house import raises_aws

from doorward.authn.key_ids import access_key_id


def test_the_account_stands_in_the_key(house):
    key = access_key_id("AKIA", "123456789012", b"12345")
    assert house.sts.get_access_key_info(AccessKeyId=key)["Account"] == "123456789012"


def test_the_callers_own_key(house):
    key = house.admin.access_key_id
    assert house.sts.get_access_key_info(AccessKeyId=key)["Account"] == house.account_id


@pytest.mark.parametrize("key", ["JSJSJSJSJSJSJSJS", "AKIA00000000000000000"])
def test_a_key_that_names_no_account(house, key):
    with raises_aws("ValidationError"):
        house.sts.get_access_key_info(AccessKeyId=key)


@pytest.mark.parametrize(
    ("length", "accepted"), [(15, False), (16, True), (128, True), (129, False)]
)
def test_lengths(unchecked, length, accepted):
    with raises_aws("ValidationError") as caught:
        unchecked.get_access_key_info(AccessKeyId="A" * length)
    assert ("does not name an account" in str(caught.value)) is accepted


def test_it_needs_permission(ann):
    with raises_aws("AccessDenied"):
        ann.get_access_key_info(AccessKeyId="AKIAIOSFODNN7EXAMPLE")
