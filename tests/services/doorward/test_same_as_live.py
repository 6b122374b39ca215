"""The one law: what is told about a call is what the call itself gets."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.app.asking import code_of, new_key, signed
from tests.house import TestHouse
from tests.services.doorward.gateway import Gateway, allow, as_question, document

ACTIONS = ("iam:GetUser", "iam:Get*", "iam:*", "iam:ListUsers", "sts:*")
CONDITIONS = (
    {},
    {"StringEquals": {"aws:username": "ann"}},
    {"StringNotEquals": {"aws:PrincipalTag/team": "red"}},
    {"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}},
    {"StringEquals": {"iam:ResourceTag/team": "red"}},
    {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/a*"}},
    {"IpAddress": {"aws:SourceIp": "127.0.0.0/8"}},
    {"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}},
    {"Bool": {"aws:SecureTransport": "false"}},
    {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
    {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
    {"StringEquals": {"aws:RequestedRegion": "us-east-1"}},
    {"StringEquals": {"aws:PrincipalType": "User"}},
    {"Null": {"aws:TokenIssueTime": "true"}},
    {"DateGreaterThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}},
    {"StringEquals": {"aws:ResourceAccount": "${aws:PrincipalAccount}"}},
)
HERE = {"aws:SourceIp": "127.0.0.1", "aws:SecureTransport": False}


@pytest.fixture(scope="module")
def gateway():
    house = TestHouse()
    made = Gateway(house)
    for name, team in (("ann", "red"), ("bob", "red"), ("cid", "blue")):
        made.user(name, Tags=[{"Key": "team", "Value": team}])
    made.keys = new_key(house, "ann")
    yield made
    house.close()


@st.composite
def statements(draw, account):
    users = f"arn:aws:iam::{account}:user"
    resources = ["*", f"{users}/bob", f"{users}/${{aws:username}}"]
    made = []
    for _ in range(draw(st.integers(1, 3))):
        action, resource = draw(st.sampled_from(ACTIONS)), draw(st.sampled_from(resources))
        statement = allow(action, resource, **draw(st.sampled_from(CONDITIONS)))
        made.append(statement | {"Effect": draw(st.sampled_from(["Allow", "Allow", "Deny"]))})
    return made


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_what_is_told_about_a_call_is_what_it_gets(gateway, data):
    gateway.house.iam.put_user_policy(
        UserName="ann",
        PolicyName="own",
        PolicyDocument=document(*data.draw(statements(gateway.account))),
    )
    name = data.draw(st.sampled_from(["ann", "bob", "cid"]))
    call = signed(gateway.keys, "iam", "GetUser", UserName=name)
    live = gateway.house.answer(call)
    told = gateway.ask(
        principal=gateway.arn("user/ann"),
        action="iam:GetUser",
        resource=gateway.arn(f"user/{name}"),
        context=HERE,
    )
    shown = gateway.ask(request=as_question(call), context={"aws:SourceIp": "127.0.0.1"})
    assert live.status == 200 or code_of(live) == "AccessDenied"
    assert told["allowed"] is shown["allowed"] is (live.status == 200)
    assert told["reason"] == shown["reason"]
    if told["decision"] == "ExplicitlyDenied":
        assert told["reason"] in live.body.decode().replace("&quot;", '"')
