import pytest
from tests.services.iam.simulating import (
    ALLOW,
    ALLOW_PUT,
    ANN,
    DENY,
    A,
    bucket,
    decision,
    document,
    matched,
    result,
    statement,
)


# AWS: recorded, simulation (composition), 2026-09-11.
@pytest.mark.parametrize(
    "caller", [ANN, ANN.replace("user/", "role/"), ANN.replace("user/", "group/")]
)
def test_a_resource_policy_for_everyone_allows_anybody_of_the_account(house, caller):
    found = result(house, resources=[A], ResourcePolicy=bucket("*"), CallerArn=caller)
    assert (found["EvalDecision"], matched(found)) == ("allowed", ["ResourcePolicy"])
    assert found["MatchedStatements"][0]["SourcePolicyType"] == "Resource Policy"
    assert found["EvalDecisionDetails"] == {}


@pytest.mark.parametrize(
    ("identity", "boundary", "policy", "word", "told"),
    [
        ([], None, bucket(ANN), "allowed", ["ResourcePolicy"]),
        ([ALLOW], None, bucket(ANN), "allowed", ["PolicyInputList.1", "ResourcePolicy"]),
        ([], ALLOW_PUT, bucket(ANN), "allowed", ["ResourcePolicy"]),
        ([], DENY, bucket(ANN), "explicitDeny", ["PermissionsBoundaryPolicyInputList.1"]),
        ([ALLOW], None, bucket(ANN, "Deny"), "explicitDeny", ["ResourcePolicy"]),
        ([ALLOW], None, bucket("111122223333"), "allowed", ["PolicyInputList.1", "ResourcePolicy"]),
        (
            [ALLOW],
            None,
            bucket("arn:aws:iam::111122223333:user/bob"),
            "allowed",
            ["PolicyInputList.1"],
        ),
    ],
)
def test_a_resource_policy_joins_in(house, identity, boundary, policy, word, told):
    found = result(
        house,
        identity,
        resources=[A],
        ResourcePolicy=policy,
        CallerArn=ANN,
        PermissionsBoundaryPolicyInputList=[boundary] if boundary else [],
    )
    assert (found["EvalDecision"], matched(found)) == (word, told)


def test_what_is_left_to_the_account_is_decided_as_a_real_call_is(house):
    # AWS's simulator was recorded as allowing this, which AWS itself does not.
    policy = bucket("arn:aws:iam::111122223333:root")
    assert decision(house, resources=[A], ResourcePolicy=policy, CallerArn=ANN) == "implicitDeny"


ACROSS = {"ResourcePolicy": bucket(ANN), "ResourceOwner": "arn:aws:iam::999999999999:root"}


@pytest.mark.parametrize(
    ("identity", "boundary", "word", "details"),
    [
        ([], None, "implicitDeny", {"Resource Policy": "allowed", "IAM Policy": "implicitDeny"}),
        ([ALLOW], None, "allowed", {"Resource Policy": "allowed", "IAM Policy": "allowed"}),
        (
            [ALLOW],
            ALLOW_PUT,
            "implicitDeny",
            {
                "Permissions Boundary Policy": "implicitDeny",
                "Resource Policy": "allowed",
                "IAM Policy": "allowed",
            },
        ),
        (
            [ALLOW],
            DENY,
            "explicitDeny",
            {
                "Permissions Boundary Policy": "explicitDeny",
                "Resource Policy": "allowed",
                "IAM Policy": "allowed",
            },
        ),
    ],
)
def test_across_accounts_each_type_is_told(house, identity, boundary, word, details):
    found = result(
        house,
        identity,
        resources=[A],
        CallerArn=ANN,
        PermissionsBoundaryPolicyInputList=[boundary] if boundary else [],
        **ACROSS,
    )
    assert (found["EvalDecision"], found["EvalDecisionDetails"]) == (word, details)
    (specific,) = found["ResourceSpecificResults"]
    assert specific["EvalDecisionDetails"] == details


def test_over_several_resources_the_strictest_of_each_type_is_told(house):
    found = result(
        house,
        [document(statement(resource=A))],
        resources=[A, "arn:aws:s3:::photos/b"],
        CallerArn=ANN,
        **ACROSS,
    )
    assert found["EvalDecisionDetails"] == {
        "Resource Policy": "allowed",
        "IAM Policy": "implicitDeny",
    }


def test_the_owner_in_an_arn_is_the_owner(house):
    queue = "arn:aws:sqs:us-east-1:999999999999:q"
    policy = document(statement(action="sqs:*", resource=queue, Principal={"AWS": "*"}))
    asked = {"ResourcePolicy": policy, "CallerArn": ANN, "resources": [queue]}
    assert decision(house, [], "sqs:SendMessage", **asked) == "implicitDeny"
    assert (
        decision(house, [document(statement(action="sqs:*"))], "sqs:SendMessage", **asked)
        == "allowed"
    )


def test_an_scp_ends_it_all(house):
    found = result(
        house,
        [ALLOW],
        resources=[A],
        CallerArn=ANN,
        OrderedOrganizationPolicyInputList=[{"ServiceControlPolicyInputList": [DENY]}],
        **ACROSS,
    )
    assert found["EvalDecision"] == "explicitDeny"
    assert found["MatchedStatements"] == []
    assert found["EvalDecisionDetails"] == {}
    assert found["ResourceSpecificResults"] == [
        {"EvalResourceName": A, "EvalResourceDecision": "explicitDeny"}
    ]


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("sts:AssumeRole", "arn:aws:iam::111122223333:role/r"),
        ("sts:AssumeRole", "arn:aws:iam::999999999999:role/r"),
        ("kms:Decrypt", "arn:aws:kms:us-east-1:111122223333:key/k"),
        ("s3:GetObject", A),
    ],
)
def test_without_the_resources_policy_the_callers_own_decide(house, action, resource):
    for caller in ({}, {"CallerArn": ANN}):
        allowed = result(house, [document(statement(action="*"))], action, [resource], **caller)
        assert (allowed["EvalDecision"], matched(allowed)) == ("allowed", ["PolicyInputList.1"])
        denied = result(house, [], action, [resource], **caller)
        assert (denied["EvalDecision"], denied["MatchedStatements"]) == ("implicitDeny", [])
