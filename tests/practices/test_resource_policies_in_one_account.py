"""Inside one account either side suffices, where the resource may have a policy of its own."""

import json

import pytest
from tests.house import raises_aws
from tests.practices.conftest import a_user, document

from doorward.policy import Attached, Policies, Policy, Principal, Request
from doorward.policy.explain import as_json, explain

pytestmark = pytest.mark.practice("S002-79")

ACCOUNT = "111122223333"
ANN = f"arn:aws:iam::{ACCOUNT}:user/ann"
QUEUE = f"arn:aws:sqs:us-east-1:{ACCOUNT}:orders"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/deploy"
KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/0d0c3f2e-0000-4000-8000-000000000000"


def identity(action):
    return (Attached(Policy.parse(document({"Action": action}), "identity"), "mine"),)


def of_resource(action, principal=ANN, kind="resource"):
    statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": action}
    if kind == "resource":
        statement["Resource"] = "*"
    text = json.dumps({"Version": "2012-10-17", "Statement": statement})
    return (Attached(Policy.parse(text, kind), "its"),)


@pytest.mark.parametrize(
    ("action", "resource", "kind", "both", "alone", "its"),
    [
        # action, resource, kind of its policy: allowed by both, the caller's alone, its own alone
        ("sqs:SendMessage", QUEUE, "resource", True, True, True),
        ("s3:GetObject", "arn:aws:s3:::b/k", "resource", True, True, True),
        ("kms:Decrypt", KEY, "resource", True, False, True),
        ("sts:AssumeRole", ROLE, "trust", True, False, True),
    ],
)
def test_which_side_suffices(action, resource, kind, both, alone, its):
    request = Request(Principal.from_arn(ANN), action, resource, ACCOUNT)
    mine, theirs = identity(action), of_resource(action, kind=kind)
    for policies, allowed in (
        (Policies(identity=mine, resource=theirs), both),
        (Policies(identity=mine, resource=()), alone),
        (Policies(resource=theirs), its),
        (Policies(), False),
    ):
        assert explain(request, policies).decision.allowed is allowed


def test_the_trace_names_the_side_that_allowed():
    request = Request(Principal.from_arn(ANN), "sqs:SendMessage", QUEUE, ACCOUNT)
    for policies, layer in (
        (Policies(identity=identity("sqs:SendMessage")), "identity"),
        (Policies(resource=of_resource("sqs:SendMessage")), "resource"),
    ):
        told = as_json(explain(request, policies))
        assert (told["decision"], told["layer"]) == ("Allowed", layer)


def test_naming_the_account_leaves_it_to_the_callers_policies():
    request = Request(Principal.from_arn(ANN), "sqs:SendMessage", QUEUE, ACCOUNT)
    theirs = of_resource("sqs:SendMessage", ACCOUNT)
    assert not explain(request, Policies(resource=theirs)).decision.allowed
    mine = identity("sqs:SendMessage")
    assert explain(request, Policies(identity=mine, resource=theirs)).decision.allowed


def trusting(house, principal):
    statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": statement})
    house.iam.create_role(RoleName="deploy", AssumeRolePolicyDocument=trust)
    return {
        "RoleArn": f"arn:aws:iam::{house.account_id}:role/deploy",
        "RoleSessionName": "s1",
    }


def test_a_role_that_names_a_user_needs_no_policy_of_hers(house):
    house.iam.create_user(UserName="ann")
    asked = trusting(house, f"arn:aws:iam::{house.account_id}:user/ann")
    assert house.user_client("ann", "sts").assume_role(**asked)


def test_a_role_that_names_the_account_does(house):
    house.iam.create_user(UserName="ann")
    asked = trusting(house, house.account_id)
    ann = house.user_client("ann", "sts")
    with raises_aws("AccessDenied"):
        ann.assume_role(**asked)
    grant = document({"Action": "sts:AssumeRole", "Resource": asked["RoleArn"]})
    house.iam.put_user_policy(UserName="ann", PolicyName="p", PolicyDocument=grant)
    assert ann.assume_role(**asked)


def test_a_role_that_names_somebody_else_admits_nobody_else(house):
    a_user(house.iam, "ann", {"Action": "sts:AssumeRole"})
    asked = trusting(house, f"arn:aws:iam::{house.account_id}:user/admin")
    with raises_aws("AccessDenied"):
        house.user_client("ann", "sts").assume_role(**asked)


@pytest.mark.parametrize(
    ("owner", "mine", "decision"),
    [
        ("same", [], "allowed"),
        ("same", ["sqs:SendMessage"], "allowed"),
        ("other", [], "implicitDeny"),
        ("other", ["sqs:SendMessage"], "allowed"),
    ],
)
def test_the_simulator_takes_a_resource_policy(house, owner, mine, decision):
    a_user(house.iam, "ann", *[{"Action": action} for action in mine])
    arn = f"arn:aws:iam::{house.account_id}:user/ann"
    account = house.account_id if owner == "same" else "444455556666"
    queue = f"arn:aws:sqs:us-east-1:{account}:orders"
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": arn},
        "Action": "sqs:SendMessage",
        "Resource": queue,
    }
    (result,) = house.iam.simulate_principal_policy(
        PolicySourceArn=arn,
        CallerArn=arn,
        ActionNames=["sqs:SendMessage"],
        ResourceArns=[queue],
        ResourcePolicy=json.dumps({"Version": "2012-10-17", "Statement": statement}),
        ResourceOwner=f"arn:aws:iam::{account}:root",
    )["EvaluationResults"]
    assert result["EvalDecision"] == decision
