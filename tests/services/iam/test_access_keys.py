import pytest
from tests.house import raises_aws

from doorward.authn.key_ids import account_of


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


def test_the_last_use_of_a_key_nobody_has(house):
    with raises_aws("NoSuchEntity"):
        house.iam.get_access_key_last_used(AccessKeyId="AKIA" + "A" * 16)
