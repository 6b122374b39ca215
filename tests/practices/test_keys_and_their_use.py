"""Access keys: how many, whose, when used, and what is better than a key."""

import pytest
from tests.house import raises_aws
from tests.practices.conftest import a_role, a_user


@pytest.mark.practice("S000-02", "S004-04")
def test_a_role_gives_temporary_keys_in_place_of_a_service_s_own(house):
    arn = a_role(house.iam, house.account_id, "app", {"Action": "iam:ListUsers"})
    given = house.sts.assume_role(RoleArn=arn, RoleSessionName="app")["Credentials"]
    assert given["AccessKeyId"].startswith("ASIA")
    assert (given["Expiration"] - house.clock()).total_seconds() <= 3600
    assert house.client_of(given).list_users()["Users"]


@pytest.mark.practice("S000-05", "S002-42")
def test_two_keys_show_and_a_third_is_refused(house):
    house.iam.create_user(UserName="svc")
    for _ in range(2):
        house.iam.create_access_key(UserName="svc")
    listed = house.iam.list_access_keys(UserName="svc")["AccessKeyMetadata"]
    assert [key["Status"] for key in listed] == ["Active", "Active"]
    with raises_aws("LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: 2"):
        house.iam.create_access_key(UserName="svc")


@pytest.mark.practice("S000-07", "S002-53")
def test_the_trail_tells_every_use_of_one_key_refusals_included(house):
    a_user(house.iam, "svc", {"Action": "iam:GetUser"})
    key = house.iam.create_access_key(UserName="svc")["AccessKey"]
    client = house.client("iam", key["AccessKeyId"], key["SecretAccessKey"])
    client.get_user()
    with raises_aws("AccessDenied"):
        client.list_users()
    wanted = {"AttributeKey": "AccessKeyId", "AttributeValue": key["AccessKeyId"]}
    house.records()
    found = house.cloudtrail.lookup_events(LookupAttributes=[wanted])["Events"]
    assert {event["EventName"] for event in found} >= {"GetUser", "ListUsers"}
    refused = next(event for event in found if event["EventName"] == "ListUsers")
    assert '"errorCode":"AccessDenied"' in refused["CloudTrailEvent"]
    assert '"sourceIPAddress":"127.0.0.1"' in refused["CloudTrailEvent"]
    assert '"eventTime":"' in refused["CloudTrailEvent"]
    assert "no identity-based policy allows" in refused["CloudTrailEvent"]


@pytest.mark.practice("S000-17")
def test_whose_credentials_these_are_is_told_even_under_a_deny(house):
    a_user(house.iam, "bob", {"Effect": "Deny"})
    told = house.user_client("bob", "sts").get_caller_identity()
    assert told["Arn"] == f"arn:aws:iam::{house.account_id}:user/bob"
    assert told["UserId"].startswith("AIDA")
    assert told["Account"] == house.account_id


@pytest.mark.practice("S000-18", "S002-41", "S004-01")
def test_the_last_use_of_a_single_key_is_told(house):
    a_user(house.iam, "bob", {"Action": "iam:GetUser"})
    key = house.iam.create_access_key(UserName="bob")["AccessKey"]
    asked = {"AccessKeyId": key["AccessKeyId"]}
    before = house.iam.get_access_key_last_used(**asked)["AccessKeyLastUsed"]
    assert before == {"ServiceName": "N/A", "Region": "N/A"}
    house.client("iam", key["AccessKeyId"], key["SecretAccessKey"]).get_user()
    last = house.iam.get_access_key_last_used(**asked)
    assert last["UserName"] == "bob"
    used = last["AccessKeyLastUsed"]
    assert (used["ServiceName"], used["Region"]) == ("iam", "us-east-1")
    assert abs((used["LastUsedDate"] - house.clock()).total_seconds()) < 10


@pytest.mark.practice("S002-19")
def test_a_new_user_may_do_nothing_and_is_told_what_lacks(house):
    house.iam.create_user(UserName="new")
    with raises_aws("AccessDenied") as caught:
        house.user_client("new").list_users()
    assert "because no identity-based policy allows the iam:ListUsers action" in str(caught.value)


@pytest.mark.practice("S001-05")
def test_the_first_start_makes_an_administrator_and_no_key_of_root(house):
    users = house.iam.list_users()["Users"]
    assert [user["UserName"] for user in users] == ["admin"]
    told = house.sts.get_caller_identity()
    assert told["Arn"].endswith(":user/admin")
    summary = house.iam.get_account_summary()["SummaryMap"]
    assert summary["AccountAccessKeysPresent"] == 0


@pytest.mark.practice("S004-02", "S002-17")
def test_a_group_carries_the_permissions_and_its_user_none(house):
    a_user(house.iam, "dev")
    house.iam.create_group(GroupName="devs")
    arn = "arn:aws:iam::aws:policy/IAMReadOnlyAccess"
    house.iam.attach_group_policy(GroupName="devs", PolicyArn=arn)
    house.iam.add_user_to_group(GroupName="devs", UserName="dev")
    assert house.user_client("dev").list_users()["Users"]
    assert house.iam.list_attached_user_policies(UserName="dev")["AttachedPolicies"] == []
    assert house.iam.list_user_policies(UserName="dev")["PolicyNames"] == []
