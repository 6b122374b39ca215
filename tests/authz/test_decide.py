from datetime import UTC, datetime

import pytest

from doorward.account.account import Account
from doorward.account.caller import Caller
from doorward.account.model import InlinePolicy, Profile, User
from doorward.authz.decide import Asked, judge, refusal

NOW = datetime(2026, 9, 11, 10, 0, 0, tzinfo=UTC)
ACCOUNT = "111122223333"
ARN = f"arn:aws:iam::{ACCOUNT}:user/ann"


def document(effect):
    return (
        f'{{"Version":"2012-10-17","Statement":{{"Effect":"{effect}",'
        '"Action":"iam:GetUser","Resource":"*"}}'
    )


def an_account(*inline):
    ann = User(name="ann", user_id="AIDA1", created=NOW, inline=inline)
    return Account.of(ACCOUNT, [Profile(id=ACCOUNT, email="e", created=NOW), ann])


def asked(action="iam:GetUser"):
    return Asked(action, ARN, ACCOUNT, "user ann", None, {})


def test_allowed_by_a_policy_of_the_user():
    account = an_account(InlinePolicy("p", document("Allow")))
    assert judge(Caller.user(ARN, "AIDA1"), account, asked()).allowed


@pytest.mark.parametrize(
    ("inline", "tail"),
    [
        ((), "because no identity-based policy allows the iam:GetUser action"),
        (
            (InlinePolicy("p", document("Deny")),),
            "with an explicit deny in an identity-based policy",
        ),
    ],
)
def test_a_refusal_in_awss_words(inline, tail):
    caller, account = Caller.user(ARN, "AIDA1"), an_account(*inline)
    decision = judge(caller, account, asked())
    assert refusal(caller, asked(), decision) == (
        f"User: {ARN} is not authorized to perform: iam:GetUser on resource: user ann {tail}"
    )


def test_a_federated_caller_is_not_named():
    caller = Caller.saml("arn:aws:iam::111122223333:saml-provider/p", "x")
    question = asked("sts:AssumeRoleWithSAML")
    decision = judge(caller, None, question)
    assert refusal(caller, question, decision) == (
        "Not authorized to perform sts:AssumeRoleWithSAML"
    )


def test_nobody_is_called_anonymous():
    decision = judge(Caller.anonymous(), None, asked())
    assert refusal(Caller.anonymous(), asked(), decision).startswith("User: anonymous is not")


def test_a_services_own_rule_says_nothing_more():
    arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    everything = document("Allow").replace("iam:GetUser", "*")
    account = an_account(InlinePolicy("p", everything))
    caller = Caller.user(ARN, "AIDA1")
    question = Asked("iam:CreatePolicyVersion", arn, ACCOUNT, f"policy {arn}", None, {})
    decision = judge(caller, account, question)
    assert not decision.allowed
    assert refusal(caller, question, decision).endswith(f"on resource: policy {arn}")


def test_a_service_is_a_principal_by_name():
    decision = judge(Caller.service("ec2.amazonaws.com"), None, asked())
    assert not decision.allowed
