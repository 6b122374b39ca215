from datetime import UTC, datetime
from itertools import count

import pytest
from tests.house import raises_aws
from tests.services.sts.conftest import a_call

from doorward.account.account import Account
from doorward.account.caller import Caller
from doorward.account.model import Profile
from doorward.authn.key_ids import account_of
from doorward.services.iam.access_keys import (
    create_access_key,
    delete_access_key,
    list_access_keys,
    update_access_key,
)
from doorward.services.iam.errors import NoSuchEntity


@pytest.fixture
def ann(house):
    house.iam.create_user(UserName="ann")
    return house


def test_a_new_key_works_and_tells_its_account(ann):
    key = ann.iam.create_access_key(UserName="ann")["AccessKey"]
    assert key["Status"] == "Active"
    assert len(key["AccessKeyId"]) == 20
    assert len(key["SecretAccessKey"]) == 40
    assert account_of(key["AccessKeyId"]) == ann.account_id
    sts = ann.client("sts", key["AccessKeyId"], key["SecretAccessKey"])
    assert sts.get_caller_identity()["Arn"].endswith(":user/ann")


def test_two_keys_and_no_more(ann):
    for _ in range(2):
        ann.iam.create_access_key(UserName="ann")
    with raises_aws("LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: 2"):
        ann.iam.create_access_key(UserName="ann")


def test_without_a_name_the_caller_gets_the_key(house):
    assert house.iam.create_access_key()["AccessKey"]["UserName"] == "admin"


def test_lists_show_no_secret(ann):
    ann.iam.create_access_key(UserName="ann")
    (shown,) = ann.iam.list_access_keys(UserName="ANN")["AccessKeyMetadata"]
    assert set(shown) == {"UserName", "AccessKeyId", "Status", "CreateDate"}


def test_a_key_switched_off_stops_at_once_and_works_again(ann):
    key = ann.iam.create_access_key(UserName="ann")["AccessKey"]
    sts = ann.client("sts", key["AccessKeyId"], key["SecretAccessKey"])
    sts.get_caller_identity()
    ann.iam.update_access_key(UserName="ann", AccessKeyId=key["AccessKeyId"], Status="Inactive")
    with raises_aws("InvalidClientTokenId"):
        sts.get_caller_identity()
    ann.iam.update_access_key(UserName="ann", AccessKeyId=key["AccessKeyId"], Status="Active")
    sts.get_caller_identity()


def test_a_deleted_key_is_gone_with_its_secret(ann):
    key = ann.iam.create_access_key(UserName="ann")["AccessKey"]
    sts = ann.client("sts", key["AccessKeyId"], key["SecretAccessKey"])
    ann.iam.delete_access_key(UserName="ann", AccessKeyId=key["AccessKeyId"])
    with raises_aws("InvalidClientTokenId"):
        sts.get_caller_identity()
    live = ann.house.accounts.get(ann.account_id)
    assert f"access-key/{key['AccessKeyId']}" not in live.secrets


@pytest.mark.parametrize("call", ["update_access_key", "delete_access_key"])
def test_a_key_of_somebody_else_is_not_there(ann, call):
    status = {"Status": "Inactive"} if call == "update_access_key" else {}
    key_id = ann.admin.access_key_id
    with raises_aws("NoSuchEntity", f"The Access Key with id {key_id} cannot be found."):
        getattr(ann.iam, call)(UserName="ann", AccessKeyId=key_id, **status)


def test_expired_is_no_status_to_set(ann):
    key = ann.iam.create_access_key(UserName="ann")["AccessKey"]
    with raises_aws("InvalidInput"):
        ann.iam.update_access_key(UserName="ann", AccessKeyId=key["AccessKeyId"], Status="Expired")


def test_the_last_use_of_a_key(ann):
    key = ann.iam.create_access_key(UserName="ann")["AccessKey"]
    never = ann.iam.get_access_key_last_used(AccessKeyId=key["AccessKeyId"])
    assert never["AccessKeyLastUsed"] == {"ServiceName": "N/A", "Region": "N/A"}
    sts = ann.client("sts", key["AccessKeyId"], key["SecretAccessKey"], region="eu-west-1")
    sts.get_caller_identity()
    used = ann.iam.get_access_key_last_used(AccessKeyId=key["AccessKeyId"])
    assert used["UserName"] == "ann"
    assert used["AccessKeyLastUsed"]["Region"] == "eu-west-1"
    assert used["AccessKeyLastUsed"]["ServiceName"] == "sts"
    assert used["AccessKeyLastUsed"]["LastUsedDate"].microsecond == 0


def test_the_last_use_of_a_key_may_be_allowed_by_the_owners_tags(ann):
    key = ann.iam.create_access_key(UserName="ann")["AccessKey"]
    ann.iam.create_user(UserName="bob")
    document = (
        '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Resource":"*",'
        '"Action":"iam:GetAccessKeyLastUsed",'
        '"Condition":{"StringEquals":{"aws:ResourceTag/team":"blue"}}}}'
    )
    ann.iam.put_user_policy(UserName="bob", PolicyName="P", PolicyDocument=document)
    bob = ann.user_client("bob")
    with raises_aws("AccessDenied"):
        bob.get_access_key_last_used(AccessKeyId=key["AccessKeyId"])
    ann.iam.tag_user(UserName="ann", Tags=[{"Key": "team", "Value": "blue"}])
    assert bob.get_access_key_last_used(AccessKeyId=key["AccessKeyId"])["UserName"] == "ann"


def test_the_last_use_of_a_key_nobody_has(house):
    with raises_aws("AccessDenied"):
        house.iam.get_access_key_last_used(AccessKeyId="AKIA" + "A" * 16)


class TestRoot:
    """Root has no access key to sign with here, so the operations are called as functions."""

    @pytest.fixture
    def root(self):
        profile = Profile(id="111122223333", email="", created=datetime(2026, 1, 1, tzinfo=UTC))
        return a_call(
            Caller.root(profile.id, "AKIAROOT"),
            account=Account.of(profile.id, [profile]),
            vault=Box(),
            random=other_bytes_each_time(),
        )

    def test_it_makes_keys_of_its_own(self, root):
        key = create_access_key(root)["AccessKey"]
        assert key["UserName"] is None
        assert root.vault.names() == {f"access-key/{key['AccessKeyId']}"}
        (listed,) = list_access_keys(root)["AccessKeyMetadata"]
        assert listed["AccessKeyId"] == key["AccessKeyId"]

    def test_it_switches_and_deletes_them(self, root):
        first, second = (create_access_key(root)["AccessKey"]["AccessKeyId"] for _ in range(2))
        update_access_key(root, access_key_id=first, status="Inactive")
        delete_access_key(root, access_key_id=second)
        (left,) = list_access_keys(root)["AccessKeyMetadata"]
        assert (left["AccessKeyId"], left["Status"]) == (first, "Inactive")
        assert root.vault.names() == {f"access-key/{first}"}

    def test_it_has_no_key_of_a_user(self, root):
        with pytest.raises(NoSuchEntity):
            delete_access_key(root, access_key_id="AKIAIOSFODNN7EXAMPLE")


class Box:
    """A vault that says what is in it."""

    def __init__(self):
        self._kept = {}

    def put(self, name, secret):
        self._kept[name] = secret

    def drop(self, name):
        del self._kept[name]

    def names(self):
        return set(self._kept)


def other_bytes_each_time():
    numbers = count(1)
    return lambda length: bytes([next(numbers)]) * length


def test_a_refused_call_is_a_use_too(ann):
    key = ann.iam.create_access_key(UserName="ann")["AccessKey"]
    with raises_aws("AccessDenied"):
        ann.client("iam", key["AccessKeyId"], key["SecretAccessKey"]).list_users()
    used = ann.iam.get_access_key_last_used(AccessKeyId=key["AccessKeyId"])
    assert used["AccessKeyLastUsed"]["ServiceName"] == "iam"
