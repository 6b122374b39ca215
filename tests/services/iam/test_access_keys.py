import pytest
from tests.house import TestHouse, raises_aws
from tests.root import SECRET, root_client, root_key

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


@pytest.fixture
def allowing():
    made = TestHouse(**{"root.access_keys": "allow"})
    yield made
    made.close()


@pytest.mark.practice("S000-01", "S001-08")
def test_root_makes_no_key_unless_a_setting_allows_it(house, allowing):
    with raises_aws("AccessDenied") as caught:
        root_client(house).create_access_key()
    told = caught.value.response
    assert "the setting root.access_keys is deny" in told["Error"]["Message"]
    assert told["ResponseMetadata"]["HTTPStatusCode"] == 403
    made = root_client(allowing).create_access_key()["AccessKey"]
    assert "UserName" not in made
    identity = allowing.client("sts", made["AccessKeyId"], made["SecretAccessKey"])
    assert identity.get_caller_identity()["Arn"].endswith(":root")


@pytest.mark.practice("S001-08", "S001-17")
def test_root_lists_switches_and_deletes_the_keys_it_has(house):
    iam = root_client(house, number=1)
    other = root_key(house, number=2)
    listed = iam.list_access_keys()["AccessKeyMetadata"]
    assert other in [key["AccessKeyId"] for key in listed]
    assert not any("UserName" in key for key in listed)
    iam.update_access_key(AccessKeyId=other, Status="Inactive")
    with raises_aws("InvalidClientTokenId"):
        house.client("sts", other, SECRET).get_caller_identity()
    iam.delete_access_key(AccessKeyId=other)
    assert f"access-key/{other}" not in house.house.accounts.get(house.account_id).secrets
    (own,) = iam.list_access_keys()["AccessKeyMetadata"]
    iam.delete_access_key(AccessKeyId=own["AccessKeyId"])
    with raises_aws("InvalidClientTokenId"):
        iam.list_access_keys()
    assert house.iam.get_account_summary()["SummaryMap"]["AccountAccessKeysPresent"] == 0


def test_root_makes_keys_for_users(ann):
    assert root_client(ann).create_access_key(UserName="ann")["AccessKey"]["UserName"] == "ann"


def test_the_last_use_of_a_key_of_root(house):
    key_id = root_key(house)
    root = root_client(house, number=1)
    never = root.get_access_key_last_used(AccessKeyId=key_id)
    assert "UserName" not in never
    assert never["AccessKeyLastUsed"] == {"ServiceName": "N/A", "Region": "N/A"}
    house.client("sts", key_id, SECRET, region="eu-west-1").get_caller_identity()
    used = root.get_access_key_last_used(AccessKeyId=key_id)["AccessKeyLastUsed"]
    assert (used["ServiceName"], used["Region"]) == ("sts", "eu-west-1")
    with raises_aws("AccessDenied"):
        house.iam.get_access_key_last_used(AccessKeyId=key_id)


def test_the_last_use_of_a_principal_is_none_of_a_key(ann):
    user_id = ann.iam.get_user(UserName="ann")["User"]["UserId"]
    with raises_aws("AccessDenied"):
        ann.iam.get_access_key_last_used(AccessKeyId=user_id)


def test_a_refused_call_is_a_use_too(ann):
    key = ann.iam.create_access_key(UserName="ann")["AccessKey"]
    with raises_aws("AccessDenied"):
        ann.client("iam", key["AccessKeyId"], key["SecretAccessKey"]).list_users()
    used = ann.iam.get_access_key_last_used(AccessKeyId=key["AccessKeyId"])
    assert used["AccessKeyLastUsed"]["ServiceName"] == "iam"
