"""Questions about principals of another account of the same Doorward."""

import pytest
from tests.app.asking import change
from tests.services.doorward.gateway import allow, document

from doorward.account.account import Account
from doorward.account.model import InlinePolicy, Profile, Role, User
from doorward.app.live import Live
from doorward.store.unit import Unit

OTHER = "444455556666"
EVE = f"arn:aws:iam::{OTHER}:user/eve"
BUCKET = "arn:aws:s3:::reports"
QUEUE = f"arn:aws:sqs:eu-west-1:{OTHER}:jobs"
SECRET = "only eve should know this policy"


@pytest.fixture
def eve(gateway):
    house = gateway.house
    everything = InlinePolicy(SECRET, document(allow(["s3:*", "sqs:*"])))
    account = Account.of(OTHER, []).put(Profile(id=OTHER, email="", created=house.clock()))
    user = User(name="eve", user_id="AIDAEVE", created=house.clock(), inline=(everything,))
    house.house.store.commit([Unit(OTHER, 0, Live(account.put(user)).rows())])
    house.house.accounts.know([OTHER])
    return EVE


def resource_policy(principal):
    statement = allow("s3:*", BUCKET) | {"Principal": {"AWS": principal}}
    return document(statement)


def test_its_own_resources_are_not_for_others_to_ask_about(gateway, eve):
    for resource, account in ((QUEUE, None), (BUCKET, OTHER)):
        question = {"principal": eve, "action": "s3:ListBucket", "resource": resource}
        answer = gateway.ask(**question, **({"resource_account": account} if account else {}))
        assert not answer["allowed"]
        assert "of its own account" in answer["reason"]


def test_about_the_askers_resources_both_sides_must_allow(gateway, eve):
    question = {"principal": eve, "action": "s3:ListBucket", "resource": BUCKET}
    assert not gateway.ask(**question)["allowed"]
    policy = resource_policy(eve)
    assert gateway.ask(**question, resource_policy=policy)["allowed"]
    question["action"] = "ec2:RunInstances"
    assert not gateway.ask(**question, resource_policy=policy)["allowed"]


def test_the_other_accounts_policies_are_told_to_nobody(gateway, eve):
    question = {"principal": eve, "resource": BUCKET, "explain": True}
    question["resource_policy"] = resource_policy(eve)
    for action in ("s3:ListBucket", "sqs:SendMessage"):
        answer = gateway.ask(**question, action=action)
        assert SECRET not in str(answer)
        assert "explain" not in answer
    allowed = gateway.ask(**question, action="s3:ListBucket")
    assert allowed["reason"] == "by a policy of another account, which is not told"


def test_nobody_learns_who_exists_there(gateway, eve):
    nobody = EVE.replace("eve", "nobody")
    question = {"action": "s3:GetObject", "resource": BUCKET}
    policy = document(allow("s3:ListBucket", BUCKET) | {"Principal": {"AWS": OTHER}})
    for body in (question, question | {"resource_account": OTHER}):
        known, unknown = (
            gateway.ask(principal=who, **body, resource_policy=policy) for who in (eve, nobody)
        )
        assert (known.pop("principal"), unknown.pop("principal")) == (eve, nobody)
        assert known == unknown


@pytest.mark.usefixtures("eve")
@pytest.mark.parametrize("context", [{"aws:userid": "x"}, {"aws:PrincipalTag/a": "x"}])
def test_not_even_by_what_is_refused(gateway, context):
    question = {"action": "s3:GetObject", "resource": BUCKET, "context": context}
    nobody = EVE.replace("eve", "nobody")
    said = {gateway.refused({"principal": who, **question}) for who in (EVE, nobody)}
    assert len(said) == 1


@pytest.mark.usefixtures("eve")
def test_another_accounts_role_is_decided_as_in_a_call_and_not_told(gateway):
    ann = gateway.user("ann", allow("sts:AssumeRole"))
    trust = document(
        {"Sid": "Hidden", "Effect": "Allow", "Principal": {"AWS": ann}, "Action": "sts:AssumeRole"}
    )
    role = Role(name="theirs", role_id="AROATHEIRS", created=gateway.house.clock(), trust=trust)
    change(gateway.house, lambda _account: [role], OTHER)
    question = {"principal": ann, "action": "sts:AssumeRole", "explain": True}
    answer = gateway.ask(**question, resource=f"arn:aws:iam::{OTHER}:role/theirs")
    assert answer["allowed"]
    assert "Hidden" not in str(answer)
    assert "explain" not in answer
    missing = gateway.ask(**question, resource=f"arn:aws:iam::{OTHER}:role/nothing")
    assert not missing["allowed"]
    given = gateway.ask(
        **question, resource=f"arn:aws:iam::{OTHER}:role/theirs", resource_policy=trust
    )
    assert given["allowed"]


def test_an_account_that_is_not_here(gateway):
    answer = gateway.ask(principal=EVE, action="s3:ListBucket", resource=BUCKET)
    assert not answer["allowed"]
