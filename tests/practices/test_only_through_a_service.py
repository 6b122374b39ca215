"""Only through a given service: with the caller's credentials, or in the service's own name."""

import json

import pytest
from tests.services.doorward.gateway import Gateway, allow, deny

pytestmark = pytest.mark.practice("S002-51")

CLOUDFORMATION = "cloudformation.amazonaws.com"
DYNAMODB = "dynamodb.amazonaws.com"
THROUGH = {"ForAnyValue:StringEquals": {"aws:CalledVia": [CLOUDFORMATION]}}
FIRST = {"StringEquals": {"aws:CalledViaFirst": CLOUDFORMATION}}
LAST = {"StringEquals": {"aws:CalledViaLast": DYNAMODB}}
DIRECT = {"Bool": {"aws:ViaAWSService": "false"}}


@pytest.fixture
def gateway(house):
    return Gateway(house)


def via(*services):
    """The keys a service passes on that was called by these, in order."""
    if not services:
        return {}
    return {
        "aws:ViaAWSService": True,
        "aws:CalledVia": list(services),
        "aws:CalledViaFirst": services[0],
        "aws:CalledViaLast": services[-1],
    }


def create_table(gateway, principal, context):
    return gateway.ask(
        principal=principal,
        action="dynamodb:CreateTable",
        resource=f"arn:aws:dynamodb:us-east-1:{gateway.account}:table/orders",
        context=context,
    )["allowed"]


@pytest.mark.parametrize(
    ("condition", "services", "allowed"),
    [
        (THROUGH, [], False),
        (THROUGH, [CLOUDFORMATION], True),
        (THROUGH, [CLOUDFORMATION, DYNAMODB], True),
        (THROUGH, [DYNAMODB], False),
        (FIRST, [CLOUDFORMATION, DYNAMODB], True),
        (FIRST, [DYNAMODB, CLOUDFORMATION], False),
        (LAST, [CLOUDFORMATION, DYNAMODB], True),
        (LAST, [], False),
        (DIRECT, [], True),
        (DIRECT, [CLOUDFORMATION], False),
        # AWS: a key of many values needs a set operator, also with one value
        ({"StringEquals": {"aws:CalledVia": CLOUDFORMATION}}, [CLOUDFORMATION], False),
    ],
)
def test_a_call_with_the_callers_credentials(gateway, condition, services, allowed):
    ann = gateway.user("ann", allow("dynamodb:*", **condition))
    assert create_table(gateway, ann, via(*services)) is allowed


def test_an_address_counts_only_when_the_caller_calls_directly(gateway):
    not_office = {
        "NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"},
        "Bool": {"aws:ViaAWSService": "false"},
    }
    ann = gateway.user("ann", allow("*"), deny("*", **not_office))

    away = {"aws:SourceIp": "203.0.113.9"}
    assert create_table(gateway, ann, {"aws:SourceIp": "192.0.2.7"})
    assert not create_table(gateway, ann, away)
    assert create_table(gateway, ann, away | via(CLOUDFORMATION))


def test_a_call_here_is_no_services_call(house):
    statement = allow("iam:*", Bool={"aws:ViaAWSService": "true"})
    house.iam.create_user(UserName="ann")
    text = json.dumps({"Version": "2012-10-17", "Statement": statement})
    house.iam.put_user_policy(UserName="ann", PolicyName="p", PolicyDocument=text)
    ann = house.user_client("ann")
    with pytest.raises(ann.exceptions.ClientError, match="AccessDenied"):
        ann.list_users()


@pytest.mark.parametrize(
    ("service", "source", "allowed"),
    [
        ("s3.amazonaws.com", "arn:aws:s3:::reports", True),
        ("s3.amazonaws.com", "arn:aws:s3:::stolen", False),
        ("s3.amazonaws.com", None, False),
        ("sns.amazonaws.com", "arn:aws:s3:::reports", False),
    ],
)
def test_a_service_in_its_own_name_for_one_resource(gateway, service, source, allowed):
    queue = f"arn:aws:sqs:us-east-1:{gateway.account}:events"
    policy = {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": {"Service": ["s3.amazonaws.com", "sns.amazonaws.com"]},
            "Action": "sqs:SendMessage",
            "Resource": queue,
            "Condition": {
                "ArnEquals": {"aws:SourceArn": "arn:aws:s3:::reports"},
                "StringEquals": {"aws:PrincipalServiceName": "s3.amazonaws.com"},
                "Bool": {"aws:PrincipalIsAWSService": "true"},
            },
        },
    }
    answer = gateway.ask(
        principal=service,
        action="sqs:SendMessage",
        resource=queue,
        resource_policy=policy,
        context={"aws:SourceArn": source} if source else {},
    )
    assert answer["allowed"] is allowed


def test_nobody_says_that_a_user_is_a_service(gateway):
    ann = gateway.user("ann", allow("*"))
    question = {"principal": ann, "action": "sqs:SendMessage", "resource": "*"}
    said = gateway.refused(question | {"context": {"aws:PrincipalIsAWSService": True}})
    assert "aws:principalisawsservice" in said
