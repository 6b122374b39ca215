import json
from dataclasses import replace

import pytest
from tests.app.asking import (
    Keys,
    code_of,
    events,
    headers_of,
    new_key,
    signed,
    unsigned,
    users,
)
from tests.house import TestHouse

from doorward.app import pipeline
from doorward.authn.request import HttpRequest
from doorward.store.errors import StoreUnavailable

DENY_ALL = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}'
ALLOW_ALL = DENY_ALL.replace("Deny", "Allow")
MESSAGE = "x-doorward-authorization-message"


@pytest.fixture
def strict():
    house = TestHouse(**{"trail.strict": "on"})
    yield house
    house.close()


def stored(house):
    """What is in the store now, without waiting for anything."""
    found = house.house.store.find_records(
        house.account_id, start_ms=0, end_ms=10**15, attribute=None, limit=1000, before=None
    )
    return [json.loads(row.body) for _, row in found]


# -- one call, one record --

CALLS = {
    "a change": (lambda admin, _: signed(admin, "iam", "CreateUser", UserName="bob"), 200, None),
    "a read": (lambda admin, _: signed(admin, "iam", "ListUsers"), 200, None),
    "nobody is asked": (lambda _, ann: signed(ann, "sts", "GetCallerIdentity"), 200, None),
    "refused to read": (lambda _, ann: signed(ann, "iam", "ListUsers"), 403, "AccessDenied"),
    "refused to change": (
        lambda _, ann: signed(ann, "iam", "CreateUser", UserName="x"),
        403,
        "AccessDenied",
    ),
    "the operation's own no": (
        lambda admin, _: signed(admin, "iam", "GetUser", UserName="nobody"),
        404,
        "NoSuchEntityException",
    ),
    "a change that cannot be": (
        lambda admin, _: signed(admin, "iam", "CreateUser", UserName="ann"),
        409,
        "EntityAlreadyExistsException",
    ),
    "a parameter that cannot be": (
        lambda admin, _: signed(admin, "iam", "CreateUser", UserName="a b"),
        400,
        "ValidationError",
    ),
    "a parameter too few": (
        lambda admin, _: signed(admin, "iam", "CreateUser"),
        400,
        "ValidationError",
    ),
    "no such operation": (
        lambda admin, _: signed(admin, "iam", "CreateUnicorn"),
        400,
        "InvalidAction",
    ),
    "an unknown key": (
        lambda *_: signed(Keys("AKIAIOSFODNN7EXAMPLE", "s"), "iam", "ListUsers"),
        403,
        "InvalidClientTokenId",
    ),
    "a wrong secret": (
        lambda admin, _: signed(replace(admin, secret="s"), "iam", "ListUsers"),
        403,
        "SignatureDoesNotMatch",
    ),
    "not signed": (lambda *_: unsigned("iam", "ListUsers"), 403, "MissingAuthenticationToken"),
    "nothing at all": (
        lambda *_: HttpRequest("GET", "/", "", (("host", "h"),), b""),
        400,
        "MissingAction",
    ),
    "garbage": (
        lambda *_: HttpRequest("POST", "/", "", (("authorization", "AWS4-HMAC-SHA256 x"),), b"\0"),
        400,
        "IncompleteSignature",
    ),
}


@pytest.mark.parametrize("name", CALLS)
def test_each_call_leaves_exactly_one_record(house, admin, ann, name):
    make, status, code = CALLS[name]
    before = len(events(house))
    answer = house.answer(make(admin, ann))
    assert answer.status == status, answer
    after = events(house)
    assert len(after) == before + 1
    assert after[0]["requestID"] == headers_of(answer)["x-amzn-requestid"]
    assert after[0].get("errorCode") == code


def test_ids_of_events_and_requests_are_never_the_same(house, admin):
    for _ in range(20):
        house.answer(signed(admin, "iam", "ListUsers"))
    told = events(house)
    ids = [event[name] for event in told for name in ("eventID", "requestID")]
    assert len(set(ids)) == len(ids)


def test_callers_nobody_knows_are_recorded_in_the_main_account(house):
    house.answer(signed(Keys("AKIAIOSFODNN7EXAMPLE", "s"), "iam", "ListUsers"))
    event = events(house)[0]
    assert event["userIdentity"]["accessKeyId"] == "AKIAIOSFODNN7EXAMPLE"
    assert event["recipientAccountId"] == house.account_id
    assert event["additionalEventData"] == {"Reason": "no such access key"}


def test_a_refusal_keeps_what_decided(house, ann):
    house.answer(signed(ann, "iam", "ListUsers"))
    details = events(house)[0]["additionalEventData"]
    assert details["Decision"]
    assert details["Question"] == {
        "Action": "iam:ListUsers",
        "Resource": f"arn:aws:iam::{house.account_id}:user/",
        "Account": house.account_id,
    }


def test_an_answer_that_cannot_be_rendered_is_recorded_once(house, admin, monkeypatch):
    def broken(*_):
        raise RuntimeError("no such shape")

    monkeypatch.setattr(pipeline, "render", broken)
    before = len(events(house))
    answer = house.answer(signed(admin, "iam", "CreateUser", UserName="bob"))
    monkeypatch.undo()
    assert (answer.status, code_of(answer)) == (500, "InternalFailure")
    assert len(events(house)) == before + 1
    assert "bob" in users(house)


# -- why not --


def test_a_refusal_says_why_and_carries_its_explanation(house, ann):
    answer = house.answer(signed(ann, "iam", "ListUsers"))
    text = answer.body.decode()
    assert "is not authorized to perform: iam:ListUsers" in text
    assert f"doorward why {headers_of(answer)['x-amzn-requestid']}" in text
    message = headers_of(answer)[MESSAGE]
    decoded = json.loads(
        house.sts.decode_authorization_message(EncodedMessage=message)["DecodedMessage"]
    )
    assert decoded["allowed"] is False
    assert decoded["explicitDeny"] is False
    assert decoded["context"]["action"] == "iam:ListUsers"
    assert decoded["context"]["principal"]["arn"].endswith("user/ann")


@pytest.mark.parametrize(("explain", "said"), [("on", True), ("off", False)])
def test_how_much_a_message_says_is_a_setting(explain, said):
    house = TestHouse(**{"decision.explain_in_message": explain})
    try:
        ann = new_key(house, "ann")
        house.iam.put_user_policy(UserName="ann", PolicyName="mine", PolicyDocument=DENY_ALL)
        answer = house.answer(signed(ann, "iam", "ListUsers"))
        assert ("mine" in answer.body.decode()) is said
        assert events(house)[0]["additionalEventData"]["Decision"]
        assert MESSAGE in headers_of(answer)
    finally:
        house.close()


def test_an_answer_that_is_no_refusal_carries_no_explanation(house, admin, ann):
    for request in (
        signed(admin, "iam", "ListUsers"),
        signed(admin, "iam", "GetUser", UserName="x"),
        signed(replace(ann, secret="s"), "iam", "ListUsers"),
    ):
        assert MESSAGE not in headers_of(house.answer(request))


# -- the trail --


def test_a_strict_trail_has_the_record_before_the_caller_has_the_answer(strict):
    keys = Keys(*strict.admin)
    for request in (
        signed(keys, "iam", "ListUsers"),
        signed(keys, "iam", "CreateUser", UserName="bob"),
        signed(replace(keys, secret="s"), "iam", "ListUsers"),
        unsigned("iam", "ListUsers"),
    ):
        answer = strict.answer(request)
        recorded = {event["requestID"] for event in stored(strict)}
        assert headers_of(answer)["x-amzn-requestid"] in recorded


@pytest.mark.parametrize("action", ["ListUsers", "CreateUser"])
@pytest.mark.parametrize("known", [True, False])
def test_a_strict_trail_that_cannot_be_kept_answers_nothing(strict, monkeypatch, action, known):
    def down(*_):
        raise StoreUnavailable("down")

    monkeypatch.setattr(strict.house.store, "append", down)
    monkeypatch.setattr(strict.house.store, "commit", down)
    keys = Keys(*strict.admin) if known else Keys("AKIAIOSFODNN7EXAMPLE", "s")
    answer = strict.answer(signed(keys, "iam", action, UserName="bob"))
    assert (answer.status, code_of(answer)) == (503, "ServiceUnavailable")
    assert b"admin" not in answer.body
    monkeypatch.undo()
    strict.run(strict.house.recorder.flush())
    ids = [event["requestID"] for event in stored(strict)]
    assert ids.count(headers_of(answer)["x-amzn-requestid"]) == 1


def test_when_no_more_records_can_wait_nothing_is_answered(house, admin, monkeypatch):
    events(house)
    monkeypatch.setattr("doorward.app.recorder.MOST_WAITING", 0)
    for request in (signed(admin, "iam", "ListUsers"), unsigned("iam", "ListUsers")):
        answer = house.answer(request)
        assert (answer.status, code_of(answer)) == (503, "ServiceUnavailable")
