import json

import pytest
from tests.house import raises_aws


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action, resource="*", **condition):
    made = {"Effect": "Allow", "Action": action, "Resource": resource}
    return made | ({"Condition": condition} if condition else {})


@pytest.fixture
def people(house):
    """Ann, who may simulate the policies of some; bob; a role."""
    house.iam.create_user(UserName="ann", Path="/team/")
    house.iam.create_user(UserName="bob", Tags=[{"Key": "team", "Value": "post"}])
    trust = {"Effect": "Allow", "Principal": {"AWS": house.account_id}, "Action": "sts:AssumeRole"}
    house.iam.create_role(RoleName="reader", AssumeRolePolicyDocument=document(trust))
    return house


def permit_ann(house, *statements):
    house.iam.put_user_policy(
        UserName="ann", PolicyName="held", PolicyDocument=document(*statements)
    )
    return house.user_client("ann", "doorward")


def test_the_server_answers_about_its_account(people):
    client = people.client("doorward")
    body = {"principal": "admin", "action": "iam:GetUser", "explain": True}
    answer = client.can(**body)["answer"]
    assert answer["allowed"] is True
    assert answer["explanation"]["principal"] == f"arn:aws:iam::{people.account_id}:user/admin"
    everyone = client.who_can(action="iam:GetUser")["answer"]
    assert [one["name"] for one in everyone["principals"]] == ["admin"]
    services = client.what_can(principal="ann")["answer"]["services"]
    assert list(services) == ["sts"]


@pytest.mark.parametrize(
    ("operation", "body"),
    [
        ("can", {"principal": "ann", "action": "s3:GetObject"}),
        ("what_can", {"principal": "ann"}),
        ("who_can", {"action": "s3:GetObject"}),
    ],
)
def test_it_takes_a_permission(people, operation, body):
    client = people.user_client("bob", "doorward")
    with raises_aws("AccessDeniedException") as caught:
        getattr(client, operation)(**body)
    message = caught.value.response["Error"]["Message"]
    target = f"arn:aws:iam::{people.account_id}:user/team/ann" if "principal" in body else "*"
    assert f"perform: iam:SimulatePrincipalPolicy on resource: {target} " in message


def test_one_may_be_allowed_to_ask_about_some_only(people):
    bob = f"arn:aws:iam::{people.account_id}:user/bob"
    client = permit_ann(people, allow("iam:SimulatePrincipalPolicy", bob))
    for name in ("bob", "user/bob", bob):
        assert client.can(principal=name, action="s3:GetObject")["answer"]["allowed"] is False
    for name in ("ann", "role/reader", "carl", "root"):
        with raises_aws("AccessDeniedException"):
            client.can(principal=name, action="s3:GetObject")


def test_whom_one_may_ask_about_can_hang_on_their_tags(people):
    wanted = {"aws:ResourceTag/team": "post"}
    client = permit_ann(people, allow("iam:SimulatePrincipalPolicy", StringEquals=wanted))
    assert client.can(principal="bob", action="s3:GetObject")["answer"]["allowed"] is False
    with raises_aws("AccessDeniedException"):
        client.can(principal="ann", action="s3:GetObject")


def test_to_ask_about_a_session_is_to_ask_about_its_role(people):
    role = f"arn:aws:iam::{people.account_id}:role/reader"
    client = permit_ann(people, allow("iam:SimulatePrincipalPolicy", role))
    session = f"arn:aws:sts::{people.account_id}:assumed-role/reader/work"
    answer = client.can(principal=session, action="s3:GetObject", explain=True)["answer"]
    assert answer["explanation"]["principal"] == session


def test_a_question_the_server_does_not_understand(people):
    client = people.client("doorward")
    with raises_aws("ValidationException", "action: expected one action, as s3:GetObject"):
        client.can(principal="ann", action="s3:*")
    with raises_aws(
        "ValidationException", "resource: expected an ARN, *, or KIND/NAME of this account"
    ):
        client.who_can(action="s3:GetObject", resource="letters")


def test_the_context_of_a_question_is_not_recorded(people):
    client = people.client("doorward")
    client.can(
        principal="ann",
        action="s3:GetObject",
        context={"my:secret": "hushhush"},
        resource_policy={"Statement": [], "Id": "hushhush"},
    )
    (record,) = [one for one in people.records() if one.event_name == "Can"]
    assert b"ann" in record.body
    assert b"hushhush" not in record.body


CALLS = [
    ("iam:GetUser", "user/bob", lambda iam: iam.get_user(UserName="bob")),
    ("iam:GetUser", "user/ann", lambda iam: iam.get_user(UserName="ann")),
    ("iam:GetRole", "role/reader", lambda iam: iam.get_role(RoleName="reader")),
    ("iam:CreateUser", "user/carl", lambda iam: iam.create_user(UserName="carl")),
    ("iam:GetAccountSummary", "*", lambda iam: iam.get_account_summary()),
]


@pytest.mark.parametrize(("action", "resource", "call"), CALLS)
def test_the_answer_is_what_the_call_gets(people, action, resource, call):
    mine = f"arn:aws:iam::{people.account_id}:user/*${{aws:username}}"
    deny = {**allow("iam:GetRole"), "Effect": "Deny"}
    permit_ann(people, allow("iam:*User", mine), allow("iam:*Summary"), allow("iam:*Role"), deny)
    asked = people.client("doorward").can(principal="ann", action=action, resource=resource)
    iam = people.user_client("ann")
    if asked["answer"]["allowed"]:
        call(iam)
    else:
        with raises_aws("AccessDenied"):
            call(iam)
