import json
from datetime import UTC, datetime

import pytest

from doorward.account.account import Account
from doorward.account.model import InlinePolicy, Profile, Role, User
from doorward.account.tags import Tag
from doorward.services.doorward.access_answers import can_in, what_can_in, who_can_in
from doorward.services.doorward.access_forms import principal_arn, resource_arn
from doorward.services.doorward.errors import ValidationException

NOW = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
ID = "111122223333"
ANN = f"arn:aws:iam::{ID}:user/team/ann"
READER = f"arn:aws:iam::{ID}:role/svc/reader"
LETTERS = "arn:aws:s3:::letters/1"


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action, resource="*", **condition):
    made = {"Effect": "Allow", "Action": action, "Resource": resource}
    return made | ({"Condition": condition} if condition else {})


def an_account(*statements, trust=None):
    """An account with the user `ann`, who has these statements, and the role `reader`."""
    held = (InlinePolicy("held", document(*statements)),) if statements else ()
    return Account.of(
        ID,
        [
            Profile(id=ID, email="e", created=NOW),
            User(
                name="ann",
                path="/team/",
                user_id="AIDA1",
                created=NOW,
                inline=held,
                tags=(Tag("team", "post"),),
            ),
            User(name="bob", user_id="AIDA2", created=NOW),
            Role(
                name="reader",
                path="/svc/",
                role_id="AROA1",
                created=NOW,
                trust=trust or document(),
                tags=(Tag("stage", "test"),),
            ),
        ],
    )


def can(account, principal, action, resource="*", **more):
    body = {"principal": principal, "action": action, "resource": resource, **more}
    return can_in(account, body, NOW)


@pytest.mark.parametrize(
    ("name", "arn"),
    [
        ("ann", ANN),
        ("ANN", ANN),
        ("user/ann", ANN),
        ("role/reader", READER),
        ("root", f"arn:aws:iam::{ID}:root"),
        (ANN, ANN),
        ("carl", f"arn:aws:iam::{ID}:user/carl"),
        ("role/ann", f"arn:aws:iam::{ID}:role/ann"),
        ("group/ann", f"arn:aws:iam::{ID}:group/ann"),
    ],
)
def test_a_principal_has_a_short_name(name, arn):
    assert principal_arn(an_account(), name) == arn


def test_a_user_may_be_called_root():
    account = an_account().put(User(name="root", user_id="AIDA9", created=NOW))
    assert principal_arn(account, "root") == f"arn:aws:iam::{ID}:user/root"


@pytest.mark.parametrize(
    ("name", "arn"),
    [
        ("user/ANN", ANN),
        ("role/reader", READER),
        ("role/none", f"arn:aws:iam::{ID}:role/none"),
        ("group/g", f"arn:aws:iam::{ID}:group/g"),
        ("policy/p", f"arn:aws:iam::{ID}:policy/p"),
        ("*", "*"),
        (LETTERS, LETTERS),
    ],
)
def test_what_the_account_holds_has_a_short_name_as_a_resource(name, arn):
    assert resource_arn(an_account(), name) == arn


def test_the_answer_is_the_decision():
    account = an_account(allow("s3:GetObject"))
    assert can(account, "ann", "s3:GetObject", LETTERS) == {
        "allowed": True,
        "decision": "Allowed",
        "reason": f"allowed by identity-based policy held of {ANN},"
        " statement 0 at line 1, column 41",
    }
    assert can(account, "bob", "s3:GetObject")["decision"] == "ImplicitlyDenied"


def test_explained_it_holds_all_that_led_to_it_for_programs_and_for_people():
    answer = can(an_account(), "ann", "s3:GetObject", LETTERS, explain=True)
    assert list(answer) == ["allowed", "decision", "explanation", "text"]
    assert answer["explanation"]["action"] == "s3:GetObject"
    assert answer["explanation"]["changes"][0]["add"]["Resource"] == LETTERS
    assert answer["text"].startswith(f"DENIED: {ANN}  s3:GetObject  on {LETTERS}\n")


KNOWN = [
    ({"aws:username": "ann"}, {}),
    ({"aws:PrincipalTag/team": "post"}, {}),
    ({"aws:PrincipalArn": ANN}, {}),
    ({"aws:ResourceAccount": ID}, {}),
    ({"aws:ViaAWSService": "false"}, {}),
    ({"aws:CurrentTime": "2026-11-22T10:30:00Z"}, {}),
    ({"aws:EpochTime": str(int(NOW.timestamp()))}, {}),
    ({"aws:RequestedRegion": "eu-west-1"}, {"resource": "arn:aws:sqs:eu-west-1:111122223333:q"}),
    ({"aws:ResourceTag/stage": "test"}, {"resource": READER}),
    ({"aws:ResourceTag/Stage": "live"}, {"resource_tags": {"stage": "live"}}),
    ({"s3:prefix": "a"}, {"context": {"S3:Prefix": "a"}}),
    ({"aws:username": "carl"}, {"context": {"aws:username": "carl"}}),
    ({"aws:ResourceAccount": "444455556666"}, {"resource_account": "444455556666"}),
]


@pytest.mark.parametrize(("wanted", "more"), KNOWN)
def test_what_a_live_call_would_bring_is_known(wanted, more):
    # A Deny, so that it says the same where the resource belongs to another account.
    deny = {**allow("x:Y", StringEquals=wanted), "Effect": "Deny"}
    body = {"principal": "ann", "action": "x:Y", **more}
    assert can_in(an_account(deny), body, NOW)["decision"] == "ExplicitlyDenied"


def test_what_nobody_knows_is_missing():
    answer = can(
        an_account(allow("x:Y", IpAddress={"aws:SourceIp": "10.0.0.0/8"})),
        "ann",
        "x:Y",
        explain=True,
    )
    assert answer["explanation"]["missing_context_keys"] == ["aws:sourceip"]


def test_a_role_is_assumed_by_whom_its_trust_policy_names():
    trust = document({"Effect": "Allow", "Principal": {"AWS": "AIDA1"}, "Action": "sts:AssumeRole"})
    account = an_account(trust=trust)
    assert can(account, "ann", "sts:AssumeRole", READER)["allowed"]
    assert not can(account, "bob", "sts:AssumeRole", READER)["allowed"]


@pytest.mark.parametrize("as_text", [True, False])
def test_a_policy_on_the_resource_may_be_given(as_text):
    policy = {"Statement": {**allow("s3:*"), "Principal": {"AWS": ANN}}}
    given = json.dumps(policy) if as_text else policy
    answer = can(an_account(), "ann", "s3:GetObject", LETTERS, resource_policy=given)
    assert answer["reason"].startswith("allowed by resource-based policy the resource's policy")


def test_a_trust_policy_may_be_given_too():
    policy = {
        "Statement": {"Effect": "Allow", "Principal": {"AWS": ANN}, "Action": "sts:AssumeRole"}
    }
    answer = can(an_account(), "ann", "sts:AssumeRole", READER, resource_policy=policy)
    assert answer["reason"].startswith("allowed by role trust policy")


def test_a_policy_that_cannot_be_read_denies():
    answer = can(an_account(allow("*")), "ann", "s3:GetObject", LETTERS, resource_policy="nonsense")
    assert answer["decision"] == "ExplicitlyDenied"
    assert "could not evaluate" in answer["reason"]


REFUSED = [
    ({"principal": "carl"}, "principal: carl is none of account 111122223333"),
    ({"principal": ""}, "principal: nobody is none of account"),
    ({"principal": f"arn:aws:iam::{ID}:user/ann"}, "principal: arn:"),
    ({"principal": "arn:aws:iam::444455556666:user/ann"}, "principal: arn:"),
    ({"principal": f"arn:aws:iam::{ID}:group/g"}, "principal: arn:"),
    ({"principal": 7}, "principal: "),
    ({"action": "s3:*"}, "action: expected one action"),
    ({"action": "GetObject"}, "action: expected one action"),
    ({"resource": "letters"}, "resource: expected an ARN"),
    ({"resource": "role/"}, "resource: expected an ARN"),
    ({"resource": "bucket/x"}, "resource: expected an ARN"),
    ({"resource_account": "1"}, "resource_account: expected twelve digits"),
    ({"context": {"a:b": [1]}}, "context"),
    ({"context": {"ab": "1"}}, "context.ab: "),
    ({"resource_tags": {"a": 1}}, "resource_tags"),
    ({"resource_policy": []}, "resource_policy: "),
    ({"resource_policy": " " * 131_073}, "resource_policy: at most 131072"),
    ({"surprise": 1}, "body: "),
]


@pytest.mark.parametrize(("changes", "says"), REFUSED)
def test_a_question_that_cannot_be_understood_is_refused(changes, says):
    body = {"principal": "ann", "action": "s3:GetObject", **changes}
    with pytest.raises(ValidationException) as caught:
        can_in(an_account(), body, NOW)
    assert caught.value.message.startswith(says)


def test_who_can_names_those_who_may_and_counts_the_others():
    account = an_account(allow("s3:*"))
    answer = who_can_in(account, {"action": "s3:GetObject", "resource": LETTERS}, NOW)
    (ann,) = answer.pop("principals")
    assert answer == {
        "allowed": True,
        "action": "s3:GetObject",
        "resource": LETTERS,
        "counts": {"Allowed": 1, "ImplicitlyDenied": 2, "ExplicitlyDenied": 0},
        "root": "Allowed",
    }
    assert (ann["principal"], ann["kind"], ann["name"]) == (ANN, "user", "ann")
    assert ann["policy"]["name"] == "held"


def test_who_can_explained_names_everybody():
    answer = who_can_in(an_account(), {"action": "s3:GetObject", "explain": True}, NOW)
    assert not answer["allowed"]
    assert [(one["name"], one["kind"], one["decision"]) for one in answer["principals"]] == [
        ("ann", "user", "ImplicitlyDenied"),
        ("bob", "user", "ImplicitlyDenied"),
        ("reader", "role", "ImplicitlyDenied"),
    ]


def test_who_can_sees_the_same_context_as_can():
    account = an_account(allow("x:Y", StringEquals={"aws:username": "ann", "x:z": "1"}))
    body = {"action": "x:Y", "context": {"x:z": "1"}}
    answer = who_can_in(account, body, NOW)
    assert [one["name"] for one in answer["principals"]] == ["ann"]
    assert can_in(account, {"principal": "ann", **body}, NOW)["allowed"]


def what_can(account, principal, **more):
    return what_can_in(account, {"principal": principal, **more}, NOW)


def test_what_can_is_said_by_service():
    account = an_account(allow("sqs:*"), allow("sns:Publish", "arn:aws:sns:*:*:news"))
    answer = what_can(account, "ann")
    services = answer.pop("services")
    assert len(services.pop("sqs")["always"]) == answer["counts"]["always"] - 2
    assert services == {
        "sns": {"always": [], "sometimes": ["sns:Publish"], "guarded": []},
        "sts": {
            "always": ["sts:GetCallerIdentity", "sts:GetSessionToken"],
            "sometimes": [],
            "guarded": [],
        },
    }
    assert answer["allowed"] is True
    assert answer["principal"] == ANN
    assert answer["resource"] is None
    assert answer["counts"]["sometimes"] == 1
    assert answer["asked"] > 20_000


def test_what_can_on_one_resource_is_what_can_says():
    account = an_account(allow("s3:Get*", LETTERS, StringEquals={"x:y": "1"}))
    context = {"x:y": "1"}
    answer = what_can(account, "ann", resource=LETTERS, context=context)
    for action in answer["services"]["s3"]["always"]:
        assert can(account, "ann", action, LETTERS, context=context)["allowed"]
    assert "s3:GetObject" in answer["services"]["s3"]["always"]
    assert what_can(account, "ann", resource=LETTERS)["allowed"] is False


def test_what_can_knows_the_moment_of_a_call_on_a_resource():
    before = {"DateLessThan": {"aws:CurrentTime": "2026-12-01T00:00:00Z"}}
    account = an_account(allow("sqs:SendMessage", **before))
    queue = f"arn:aws:sqs:us-east-1:{ID}:q"
    on_one = what_can(account, "ann", resource=queue)["services"]
    assert on_one["sqs"]["always"] == ["sqs:SendMessage"]
    at_any_time = what_can(account, "ann")["services"]
    assert at_any_time["sqs"]["sometimes"] == ["sqs:SendMessage"]


def test_what_can_of_some_services():
    account = an_account(allow("*"))
    answer = what_can(account, "ann", services=["SQS", "sns"])
    assert sorted(answer["services"]) == ["sns", "sqs"]
    assert what_can(account, "bob", services=["sqs"])["allowed"] is False


def test_what_can_explained_names_the_statements():
    account = an_account({"Sid": "Mine", **allow("sqs:SendMessage")})
    answer = what_can(account, "ann", services=["sqs"], explain=True)
    assert answer["actions"] == [
        {
            "action": "sqs:SendMessage",
            "state": "always",
            "guarded": False,
            "sources": [
                {
                    "layer": "identity",
                    "policy": "held",
                    "attached_to": ANN,
                    "sid": "Mine",
                    "index": 0,
                    "effect": "Allow",
                }
            ],
        }
    ]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"principal": "carl"}, "principal: carl is none of account"),
        ({"resource": "letters"}, "resource: expected an ARN"),
        ({"resource_account": "4444"}, "resource_account: expected twelve digits"),
        ({"action": "s3:GetObject"}, "body: "),
        ({"services": "s3"}, "services: "),
    ],
)
def test_what_cannot_be_asked_of_all_actions(changes, says):
    with pytest.raises(ValidationException) as caught:
        what_can(an_account(), **{"principal": "ann", "resource_account": ID} | changes)
    assert caught.value.message.startswith(says)


def test_a_bucket_of_another_account_takes_its_own_policy_too():
    account = an_account(allow("s3:*"))
    assert what_can(account, principal="ann", resource=LETTERS)["allowed"] is True
    abroad = what_can(account, principal="ann", resource=LETTERS, resource_account="444455556666")
    assert abroad["allowed"] is False


@pytest.mark.parametrize(
    ("action", "resource", "context", "allowed"),
    [
        ("iam:GetUser", ANN, {}, True),
        ("IAM:GetUser", "*", {}, True),
        ("organizations:ListRoots", "*", {}, True),
        ("iam:GetUser", ANN, {"aws:RequestedRegion": "eu-west-1"}, False),
        ("sts:GetCallerIdentity", "*", {}, True),
        ("s3:GetObject", LETTERS, {}, False),
        ("sqs:SendMessage", f"arn:aws:sqs:us-east-1:{ID}:q", {}, True),
        ("sqs:SendMessage", f"arn:aws:sqs:eu-west-1:{ID}:q", {}, False),
    ],
)
def test_the_region_is_known_where_service_or_resource_tell(action, resource, context, allowed):
    here = {"aws:RequestedRegion": "us-east-1"}
    account = an_account(allow("*", StringEquals=here))
    assert can(account, "ann", action, resource, context=context)["allowed"] is allowed
