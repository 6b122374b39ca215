import json
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analysis.some_account import ARNS, CONTEXTS, IAM, ID, NOW, accounts

from doorward.account.account import Account
from doorward.account.model import (
    InlinePolicy,
    ManagedPolicy,
    PolicyVersion,
    Profile,
    Role,
    User,
)
from doorward.account.tags import Tag
from doorward.analysis.actions_on import actions_on
from doorward.analysis.question import Question, holder_of
from doorward.analysis.what_can import Ability, State, what_can
from doorward.policy import Attached, Layer, Policy

BOUNDARY = f"{IAM}:policy/most"


def states(abilities):
    return {one.action: one.state for one in abilities.found}


@settings(max_examples=25, deadline=timedelta(seconds=2))
@given(accounts(), st.sampled_from(ARNS), st.sampled_from(CONTEXTS))
def test_on_one_resource_each_action_is_decided(account, arn, context):
    resource = "arn:aws:s3:::b/ann/k"
    abilities = what_can(account, arn, resource, context=context)
    holder = holder_of(account, arn)
    decisions = {
        action: Question.of(account, action, resource, context=context).decide(holder)
        for action in actions_on(resource)
    }
    assert abilities.asked == len(decisions)
    assert {one.action: one.sources[0][1:] for one in abilities.found} == {
        action: (one.policy, one.statement) for action, one in decisions.items() if one.allowed
    }


def a_statement(action="*", resource="*", effect="Allow", **more):
    return {"Effect": effect, "Action": action, "Resource": resource, **more}


def of(*statements, boundary=None, kind=User, **more):
    text = json.dumps({"Version": "2012-10-17", "Statement": statements})
    held = {"created": NOW, "inline": (InlinePolicy("own", text),), "name": "x", **more}
    managed = []
    if boundary:
        body = json.dumps({"Version": "2012-10-17", "Statement": boundary})
        version = PolicyVersion("v1", body, NOW)
        held["boundary"] = BOUNDARY
        managed = [
            ManagedPolicy(
                name="most", policy_id="ANPA1", created=NOW, updated=NOW, versions=(version,)
            )
        ]
    who = User(user_id="AIDA1", **held) if kind is User else Role(role_id="AROA1", trust="", **held)
    return Account.of(ID, [Profile(id=ID, email="e", created=NOW), who, *managed])


def state_of(account, action, **question):
    kind = "user" if account.user("x") else "role"
    found = what_can(account, f"{IAM}:{kind}/x", **question)
    return states(found).get(action, State.NEVER)


MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
TEAM = {"StringEquals": {"aws:PrincipalTag/team": "blue"}}
HOME = {"StringLike": {"s3:prefix": "${aws:username}/*"}}
SESSION = {"StringEquals": {"aws:userid": "AROA1:ann"}}
S3 = a_statement("s3:*")
DENY = a_statement("s3:GetObject", effect="Deny")


@pytest.mark.parametrize(
    ("statements", "state"),
    [
        ([S3], State.ALWAYS),
        ([a_statement("iam:*")], State.NEVER),
        ([a_statement("s3:*", "arn:aws:s3:::b/*")], State.SOMETIMES),
        ([a_statement("s3:*", ["arn:aws:s3:::b/*", "*"])], State.ALWAYS),
        ([a_statement("*", "arn:aws:sqs:*:*:q")], State.NEVER),
        ([a_statement("*", "arn:aws:*:::b/*")], State.SOMETIMES),
        ([a_statement("*", "arn:aws:s3*")], State.SOMETIMES),
        ([{"Effect": "Allow", "Action": "s3:*", "NotResource": "x"}], State.SOMETIMES),
        ([a_statement(Condition=MFA)], State.SOMETIMES),
        ([a_statement(Condition=HOME)], State.SOMETIMES),
        ([a_statement(Condition=TEAM)], State.NEVER),
        ([a_statement(Condition={"Maybe": {"a": "b"}})], State.NEVER),
        ([a_statement(Condition={"Null": {"aws:username": "false"}})], State.ALWAYS),
        ([S3, DENY], State.NEVER),
        ([S3, {**DENY, "Condition": MFA}], State.SOMETIMES),
        ([S3, {**DENY, "Condition": TEAM}], State.ALWAYS),
        ([S3, {**DENY, "Condition": {"Maybe": {"a": "b"}}}], State.NEVER),
        ([S3, {**DENY, "Resource": "arn:aws:s3:::b/*"}], State.SOMETIMES),
        ([S3, {**DENY, "Resource": "arn:aws:sqs:::b"}], State.ALWAYS),
    ],
)
def test_the_state_of_an_action(statements, state):
    assert state_of(of(*statements), "s3:GetObject") is state


@pytest.mark.parametrize(
    ("boundary", "state"),
    [
        ([S3], State.ALWAYS),
        ([a_statement("iam:*")], State.NEVER),
        ([a_statement("s3:*", "arn:aws:s3:::b/*")], State.SOMETIMES),
        ([S3, DENY], State.NEVER),
    ],
)
def test_a_boundary_is_a_ceiling(boundary, state):
    assert state_of(of(a_statement(), boundary=boundary), "s3:GetObject") is state


def test_a_context_settles_what_it_names():
    account = of(a_statement(Condition=MFA))
    for present, state in (("true", State.ALWAYS), ("false", State.NEVER)):
        given_keys = {"AWS:MultiFactorAuthPresent": present}
        assert state_of(account, "s3:GetObject", context=given_keys) is state


@pytest.mark.parametrize(("kind", "state"), [(User, State.ALWAYS), (Role, State.SOMETIMES)])
def test_the_tags_of_a_session_are_open(kind, state):
    account = of(a_statement(Condition=TEAM), kind=kind, tags=(Tag("team", "blue"),))
    assert state_of(account, "s3:GetObject") is state
    given_keys = {"aws:PrincipalTag/Team": "blue"}
    assert state_of(account, "s3:GetObject", context=given_keys) is State.ALWAYS


def test_the_name_of_a_session_is_open_until_it_is_told():
    account = of(a_statement(Condition=SESSION), kind=Role)
    assert state_of(account, "s3:GetObject") is State.SOMETIMES
    session = f"arn:aws:sts::{ID}:assumed-role/x/"
    assert states(what_can(account, f"{session}ann"))["s3:GetObject"] is State.ALWAYS
    assert "s3:GetObject" not in states(what_can(account, f"{session}bob"))


def test_the_statements_that_decide_are_told():
    far = a_statement("*", "arn:aws:sqs:*:*:q")
    account = of(S3, {**DENY, "Condition": MFA}, far)
    found = {one.action: one for one in what_can(account, f"{IAM}:user/x").found}
    assert [one.statement.index for one in found["s3:GetObject"].sources] == [0, 1]
    assert [one.statement.index for one in found["s3:PutObject"].sources] == [0]
    (source,) = found["sqs:SendMessage"].sources
    assert (source.layer, source.attached.name) == (Layer.IDENTITY, "own")


def test_some_actions_need_no_permission():
    found = what_can(of(a_statement("*", effect="Deny")), f"{IAM}:user/x").found
    assert [one.action for one in found] == ["sts:GetCallerIdentity", "sts:GetSessionToken"]
    assert {one.state for one in found} == {State.ALWAYS}


def test_some_resources_guard_themselves():
    abilities = what_can(of(a_statement(["kms:*", "s3:*"])), f"{IAM}:user/x")
    guarded = {one.action.partition(":")[0] for one in abilities.found if one.guarded}
    assert guarded == {"kms"}


def test_abilities_by_service():
    abilities = what_can(of(S3, a_statement("sqs:ListQueues")), f"{IAM}:user/x")
    found = abilities.by_service()
    assert list(found) == ["s3", "sqs", "sts"]
    assert [one.action for one in found["sqs"]] == ["sqs:ListQueues"]
    assert abilities.asked > 20_000


def test_root_can_do_everything_in_its_account():
    abilities = what_can(of(S3), f"{IAM}:root")
    assert len(abilities.found) == abilities.asked
    assert {one.state for one in abilities.found} == {State.ALWAYS}
    on_key = what_can(of(S3), f"{IAM}:root", "arn:aws:s3:::b/k").found
    assert Ability("s3:GetObject", State.ALWAYS) in on_key


def test_a_resource_of_another_account_lets_in_by_its_policy():
    everyone = {"Statement": {**S3, "Principal": "*"}}
    policy = Attached(Policy.parse(json.dumps(everyone), "resource"), "bucket")
    there = {"resource_policy": policy, "resource_account": "444455556666"}
    found = what_can(of(a_statement("s3:GetObject")), f"{IAM}:user/x", "arn:aws:s3:::b/k", **there)
    assert [one.action for one in found.found] == ["s3:GetObject"]


def test_nobody_can_nothing():
    assert what_can(of(S3), f"{IAM}:user/nobody") is None
