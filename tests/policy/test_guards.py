import json

import pytest

from doorward.policy import Attached, Policies, Policy, Principal, Request, decide

A = "111122223333"
ANN = f"arn:aws:iam::{A}:user/ann"
SESSION = f"arn:aws:sts::{A}:assumed-role/app/run"


def attached(effect, kind="identity"):
    statement = {"Effect": effect, "Action": "*", "Resource": "*"}
    if kind == "resource":
        statement["Principal"] = "*"
    return (Attached(Policy.parse(json.dumps({"Statement": statement}), kind), "p"),)


def judge(caller, action, resource, context=None, **given):
    request = Request(Principal.from_arn(caller), action, resource, A, context or {})
    return decide(request, Policies(**given))


@pytest.mark.rule("5.7")
@pytest.mark.parametrize(
    ("caller", "action", "context", "allowed"),
    [
        (ANN, "sts:GetCallerIdentity", {}, True),
        (SESSION, "STS:getcalleridentity", {}, True),
        (None, "sts:GetCallerIdentity", {}, False),
        ("lambda.amazonaws.com", "sts:GetCallerIdentity", {}, False),
        (ANN, "sts:GetSessionToken", {}, True),
        (f"arn:aws:iam::{A}:root", "sts:GetSessionToken", {}, True),
        (SESSION, "sts:GetSessionToken", {}, False),
        (ANN, "sts:GetSessionToken", {"aws:TokenIssueTime": "2026-01-01T00:00:00Z"}, False),
        (ANN, "sts:GetFederationToken", {}, False),
    ],
)
def test_what_needs_no_permission(caller, action, context, allowed):
    decision = judge(caller, action, "*", context, identity=attached("Deny"))
    assert decision.allowed is allowed
    assert (decision.layer == "service") is allowed


@pytest.mark.rule("5.8")
@pytest.mark.parametrize(
    ("action", "resource", "refused"),
    [
        ("iam:CreatePolicyVersion", "arn:aws:iam::aws:policy/ReadOnlyAccess", True),
        ("iam:GetPolicy", "arn:aws:iam::aws:policy/ReadOnlyAccess", False),
        ("iam:CreatePolicyVersion", f"arn:aws:iam::{A}:policy/Mine", False),
        ("iam:PassRole", f"arn:aws:iam::{A}:role/aws-reserved/sso/x", True),
        ("iam:GetRole", f"arn:aws:iam::{A}:role/aws-reserved/sso/x", False),
        ("iam:PassRole", f"arn:aws:iam::{A}:role/x", False),
        ("kms:DeleteAlias", f"arn:aws:kms:eu:{A}:alias/aws/s3", True),
        ("kms:DeleteAlias", f"arn:aws:kms:eu:{A}:alias/mine", False),
        ("sts:AssumeRole", f"arn:aws:iam::{A}:role/aws-service-role/x/y", True),
    ],
)
def test_what_a_service_refuses_whatever_is_allowed(action, resource, refused):
    given = {"identity": attached("Allow")}
    request = Request(Principal.from_arn(ANN), action, resource, A, {})
    policies = Policies(**given, resource=attached("Allow", "resource"))
    decision = decide(request, policies)
    assert decision.allowed is not refused
    assert (decision.layer == "service") is refused
    assert bool(decision.reason) is refused
    denied = decide(request, Policies(identity=attached("Deny")))
    assert denied.outcome == "ExplicitlyDenied"


@pytest.mark.rule("5.8")
def test_a_service_assumes_its_service_linked_role():
    request = Request(
        *(Principal.from_arn("x.amazonaws.com"), "sts:AssumeRole"),
        *(f"arn:aws:iam::{A}:role/aws-service-role/x/y", A, {}),
    )
    assert decide(request, Policies(resource=attached("Allow", "resource"))).allowed
