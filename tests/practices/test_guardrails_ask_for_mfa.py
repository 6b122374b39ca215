"""A policy over accounts that asks for MFA: the decision names it."""

import json

import pytest

from doorward.policy import Attached, Context, Policies, Policy, Principal, Request, decide
from doorward.policy.decision import Layer
from doorward.policy.explain import describe

ADMINISTRATOR = Attached(
    Policy.parse(
        json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"},
            }
        )
    ),
    "AdministratorAccess",
)
REQUIRE_MFA = Attached(
    Policy.parse(
        json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {"Effect": "Allow", "Action": "*", "Resource": "*"},
                    {
                        "Sid": "OnlyWithMfa",
                        "Effect": "Deny",
                        "Action": "*",
                        "Resource": "*",
                        "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
                    },
                ],
            }
        )
    ),
    "RequireMfa",
)


def asked(principal, **context):
    found = Principal.from_arn(principal)
    request = Request(
        found,
        "ec2:StopInstances",
        "arn:aws:ec2:eu-west-1:111122223333:instance/i-1",
        found.account,
        Context.of(context),
    )
    return decide(request, Policies(identity=(ADMINISTRATOR,), scp=((REQUIRE_MFA,),)))


USER = "arn:aws:iam::111122223333:user/ann"
MFA = "aws:MultiFactorAuthPresent"


@pytest.mark.practice("S000-15")
@pytest.mark.parametrize("context", [{}, {MFA: "false"}], ids=["key", "session without"])
def test_without_mfa_the_refusal_names_the_policy_over_the_account(context):
    decision = asked(USER, **context)
    assert not decision.allowed
    assert decision.layer is Layer.SCP
    said = describe(decision)
    assert "RequireMfa" in said
    assert "OnlyWithMfa" in said


@pytest.mark.practice("S000-15")
def test_with_mfa_it_passes():
    assert asked(USER, **{MFA: "true"}).allowed


@pytest.mark.practice("M-07", "S001-09")
def test_it_holds_for_the_root_user_of_the_account_too():
    decision = asked("arn:aws:iam::111122223333:root")
    assert decision.layer is Layer.SCP
