import json

import pytest
from tests.house import raises_aws


def asking(*keys):
    tests = {"StringEquals": dict.fromkeys(keys, "x")}
    whole = {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": tests}
    return json.dumps({"Version": "2012-10-17", "Statement": whole})


def of_documents(house, *documents):
    answer = house.iam.get_context_keys_for_custom_policy(PolicyInputList=documents)
    return answer["ContextKeyNames"]


def of_source(house, arn, *documents):
    answer = house.iam.get_context_keys_for_principal_policy(
        PolicySourceArn=arn, PolicyInputList=documents
    )
    return sorted(answer["ContextKeyNames"])


def test_a_key_is_listed_once_a_document(house):
    assert of_documents(house, asking("a:bcd"), asking("a:bcd", "c:def")) == [
        "a:bcd",
        "a:bcd",
        "c:def",
    ]


def test_no_documents_ask_for_nothing(house):
    assert of_documents(house) == []


def test_the_document_that_cannot_be_read_is_named(house):
    with raises_aws("InvalidInput", "Policy input list item 2 has invalid content"):
        of_documents(house, asking("a:bcd"), "{")


@pytest.fixture
def ann(house):
    """A user with a policy of each sort, one of them attached twice."""
    iam = house.iam
    managed = iam.create_policy(PolicyName="m", PolicyDocument=asking("in:managed"))["Policy"]
    boundary = iam.create_policy(PolicyName="b", PolicyDocument=asking("in:boundary"))["Policy"]
    iam.create_group(GroupName="dev", Path="/team/")
    iam.put_group_policy(GroupName="dev", PolicyName="g", PolicyDocument=asking("in:group"))
    iam.attach_group_policy(GroupName="dev", PolicyArn=managed["Arn"])
    user = iam.create_user(UserName="ann", Path="/team/", PermissionsBoundary=boundary["Arn"])
    iam.put_user_policy(UserName="ann", PolicyName="u", PolicyDocument=asking("in:user"))
    iam.attach_user_policy(UserName="ann", PolicyArn=managed["Arn"])
    iam.add_user_to_group(UserName="ann", GroupName="dev")
    return user["User"]["Arn"]


def test_a_users_keys_are_its_own_its_groups_and_its_boundarys(house, ann):
    keys = ["in:boundary", "in:group", "in:managed", "in:user"]
    assert of_source(house, ann) == keys
    assert of_source(house, ann, asking("in:user")) == [*keys, "in:user"]
    assert of_source(house, ann.replace("/team/", "/wrong/path/")) == keys


def test_a_groups_keys_are_its_own(house, ann):
    arn = ann.replace("user/team/ann", "group/team/dev")
    assert of_source(house, arn) == ["in:group", "in:managed"]


def test_a_source_must_be_an_entity_that_is_there(house):
    sentence = "Invalid Entity Arn: {} does not clearly define entity type and name."
    for arn in ("this-is-not-an-iam-source-arn", f"arn:aws:iam::{house.account_id}:root"):
        with raises_aws("InvalidInput", sentence.format(arn)):
            of_source(house, arn)
    with raises_aws("NoSuchEntity", "The role with name r cannot be found."):
        of_source(house, f"arn:aws:iam::{house.account_id}:role/r")
    with raises_aws("NoSuchEntity", "The user with name admin cannot be found."):
        of_source(house, "arn:aws:iam::999999999999:user/admin")


def test_both_are_authorised_each_on_what_it_asks_about(house, ann):
    bob = house.iam.create_user(UserName="bob")["User"]["Arn"]
    client = house.user_client("bob")
    with raises_aws("AccessDenied"):
        client.get_context_keys_for_custom_policy(PolicyInputList=[asking("a:bcd")])
    allowed = {"Effect": "Allow", "Action": "iam:GetContextKeysFor*", "Resource": bob}
    document = json.dumps({"Version": "2012-10-17", "Statement": allowed})
    house.iam.put_user_policy(UserName="bob", PolicyName="self", PolicyDocument=document)
    assert (
        client.get_context_keys_for_principal_policy(PolicySourceArn=bob)["ContextKeyNames"] == []
    )
    with raises_aws("AccessDenied"):
        client.get_context_keys_for_principal_policy(PolicySourceArn=ann)
