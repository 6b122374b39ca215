"""Questions about principals of another account of the same Doorward."""

from dataclasses import replace

import pytest
from tests.app.asking import Keys, change, signed
from tests.services.doorward.gateway import allow, as_question, document

from doorward.account.account import Account
from doorward.account.model import AccessKey, InlinePolicy, Profile, Role, User
from doorward.account.tags import Tag
from doorward.app.live import Live
from doorward.app.vault import AccountVault
from doorward.authn.key_ids import access_key_id
from doorward.services.doorward.judging import NOT_FOR_YOU
from doorward.store.unit import Unit

OTHER = "444455556666"
EVE = f"arn:aws:iam::{OTHER}:user/eve"
BUCKET = "arn:aws:s3:::reports"
QUEUE = f"arn:aws:sqs:eu-west-1:{OTHER}:jobs"
KEYS = Keys(access_key_id("AKIA", OTHER, b"other"), "s" * 40)
SECRET = "only eve should know this policy"


@pytest.fixture
def eve(gateway):
    house = gateway.house
    everything = InlinePolicy(SECRET, document(allow(["s3:*", "sqs:*"])))
    account = Account.of(OTHER, []).put(Profile(id=OTHER, email="", created=house.clock()))
    user = User(
        name="eve",
        user_id="AIDAEVE",
        created=house.clock(),
        inline=(everything,),
        access_keys=(AccessKey(KEYS.key_id, house.clock()),),
    )
    vault = AccountVault(Live(account.put(user)), house.house.sealer)
    vault.put(f"access-key/{KEYS.key_id}", KEYS.secret.encode())
    house.house.store.commit([Unit(OTHER, 0, vault.live.rows())])
    house.house.accounts.know([OTHER])
    return EVE


def assuming(role):
    return as_question(signed(KEYS, "sts", "AssumeRole", RoleArn=role, RoleSessionName="eve"))


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


@pytest.mark.usefixtures("eve")
@pytest.mark.parametrize(
    ("action", "resource", "policy"),
    [("sts:AssumeRole", None, document()), ("s3:GetObject", BUCKET, " " * 131_073)],
)
def test_not_even_by_a_policy_that_is_refused(gateway, action, resource, policy):
    question = {"action": action, "resource": resource or gateway.arn("role/gateway")}
    nobody = EVE.replace("eve", "nobody")
    body = question | {"resource_policy": policy}
    said = {gateway.refused({"principal": who, **body}) for who in (EVE, nobody)}
    assert len(said) == 1


@pytest.mark.usefixtures("eve")
@pytest.mark.parametrize("principal", ["ec2.amazonaws.com", None])
def test_whom_another_accounts_role_trusts_is_not_told(gateway, principal):
    trusted = {"Service": principal} if principal else "*"
    trust = document({"Effect": "Allow", "Principal": trusted, "Action": "sts:AssumeRole"})
    role = Role(name="theirs", role_id="AROATHEIRS", created=gateway.house.clock(), trust=trust)
    change(gateway.house, lambda _account: [role], OTHER)
    question = {"principal": principal, "action": "sts:AssumeRole"}
    for name in ("theirs", "nothing"):
        answer = gateway.ask(**question, resource=f"arn:aws:iam::{OTHER}:role/{name}")
        assert (answer["allowed"], answer["reason"]) == (False, NOT_FOR_YOU)


def test_a_service_may_be_asked_about_on_what_doorward_does_not_keep(gateway):
    statement = allow("s3:*", BUCKET) | {"Principal": {"Service": "logs.amazonaws.com"}}
    answer = gateway.ask(
        principal="logs.amazonaws.com",
        action="s3:PutObject",
        resource=BUCKET,
        resource_account=OTHER,
        resource_policy=document(statement),
    )
    assert answer["allowed"]


@pytest.mark.usefixtures("eve")
def test_nobody_learns_which_tags_there_are(gateway):
    role = Role(
        name="theirs",
        role_id="AROATHEIRS",
        created=gateway.house.clock(),
        trust=document(),
        tags=(Tag("team", "red"),),
    )
    change(gateway.house, lambda _account: [role], OTHER)
    question = {"principal": gateway.user("ann"), "action": "sts:AssumeRole"}
    question["context"] = {"aws:ResourceTag/team": "red"}
    said = {
        gateway.refused(question | {"resource": f"arn:aws:iam::{OTHER}:role/{name}"})
        for name in ("theirs", "nothing")
    }
    assert len(said) == 1


@pytest.mark.usefixtures("eve")
def test_calls_that_reach_into_the_askers_account(gateway):
    trusting = document({"Effect": "Allow", "Principal": {"AWS": EVE}, "Action": "sts:AssumeRole"})
    gateway.house.iam.create_role(RoleName="open", AssumeRolePolicyDocument=trusting)
    role = gateway.arn("role/open")
    denied = gateway.ask(request=assuming(role), explain=True)
    assert denied["reason"].startswith("denied; why is not told")
    policy = InlinePolicy("assume", document(allow("sts:AssumeRole")))
    change(gateway.house, lambda a: [replace(a.user("eve"), inline=(policy,))], OTHER)
    answer = gateway.ask(request=assuming(role), explain=True)
    assert (answer["allowed"], answer["principal"]) == (True, EVE)
    assert "explain" not in answer


@pytest.mark.usefixtures("eve")
def test_calls_within_the_other_account(gateway):
    for request in (
        assuming(f"arn:aws:iam::{OTHER}:role/theirs"),
        as_question(signed(KEYS, "iam", "ListUsers")),
        as_question(signed(KEYS, "sts", "GetCallerIdentity")),
    ):
        answer = gateway.ask(request=request)
        assert not answer["allowed"]
        assert "of its own account" in answer["reason"]


def test_an_account_that_is_not_here(gateway):
    answer = gateway.ask(principal=EVE, action="s3:ListBucket", resource=BUCKET)
    assert not answer["allowed"]
