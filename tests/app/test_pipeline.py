import asyncio
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from tests.app.asking import (
    Keys,
    change,
    code_of,
    events,
    presigned,
    signed,
    unsigned,
    users,
)
from tests.app.stores import a_user
from tests.house import TestHouse

from doorward.app import pipeline
from doorward.app.writer import Written
from doorward.catalog import models
from doorward.services.registry import operations
from doorward.store.errors import StoreUnavailable

DENY_ALL = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}'
ALLOW_ALL = DENY_ALL.replace("Deny", "Allow")
MESSAGE = "x-doorward-authorization-message"


def missing_operation():
    """An IAM operation that AWS has and we have not, if there is one."""
    ours = operations("iam")
    model = models.service("iam").operations
    return next((name for name in model if model[name].function_name not in ours), None)


# -- what goes wrong inside changes nothing --


def test_a_bug_in_a_change_rolls_back_all_of_it(house, admin, instead):
    def broken(call, **_):
        call.update(a_user("bob"))
        call.vault.put("access-key/AKIABOB", b"secret")
        raise RuntimeError("a bug")

    instead("iam", "create_user", function=broken)
    before = house.house.store.accounts()
    answer = house.answer(signed(admin, "iam", "CreateUser", UserName="bob"))
    assert (answer.status, code_of(answer)) == (500, "InternalFailure")
    assert "a bug" not in answer.body.decode()
    assert house.house.store.accounts() == before
    assert events(house)[0]["errorCode"] == "InternalFailure"
    assert "bob" not in users(house)


def test_an_error_of_aws_after_half_a_change_rolls_back_all_of_it(house, admin, instead):
    create = operations("iam")["create_user"].function

    def half(call, **params):
        create(call, **params)
        return create(call, **params)

    instead("iam", "create_user", function=half)
    answer = house.answer(signed(admin, "iam", "CreateUser", UserName="bob"))
    assert (answer.status, code_of(answer)) == (409, "EntityAlreadyExists")
    assert "bob" not in users(house)


def test_a_read_that_changes_the_account_is_a_bug_and_changes_nothing(house, admin, instead):
    def sly(call, **_):
        call.update(a_user("bob"))

    instead("iam", "get_account_summary", function=sly)
    answer = house.answer(signed(admin, "iam", "GetAccountSummary"))
    assert (answer.status, code_of(answer)) == (500, "InternalFailure")
    assert "bob" not in users(house)


def test_a_bug_in_a_read_says_nothing_of_itself(house, admin, instead, caplog):
    def broken(*_, **__):
        raise RuntimeError("a secret")

    instead("iam", "list_users", function=broken)
    answer = house.answer(signed(admin, "iam", "ListUsers"))
    assert (answer.status, code_of(answer)) == (500, "InternalFailure")
    assert "a secret" not in answer.body.decode()
    assert "a secret" in caplog.text


@pytest.mark.parametrize("action", ["CreateUser", "GetUser"])
def test_without_a_store_the_call_may_be_repeated(house, admin, monkeypatch, action):
    def down(*_, **__):
        raise StoreUnavailable("down")

    monkeypatch.setattr(house.house.store, "commit", down)
    monkeypatch.setattr(house.house.store, "append", down)
    answer = house.answer(signed(admin, "iam", action, UserName="admin2"))
    monkeypatch.undo()
    # What is in memory is still told; nothing is changed there that is not stored.
    assert (answer.status, code_of(answer)) == {
        "CreateUser": (503, "ServiceUnavailable"),
        "GetUser": (404, "NoSuchEntity"),
    }[action]
    assert "admin2" not in users(house)
    assert [event["eventName"] for event in events(house)][1] == action


# -- who may --


def test_what_we_lack_is_said_to_be_lacking(house, admin, monkeypatch):
    monkeypatch.setattr(pipeline, "operations", lambda _: {})
    answer = house.answer(signed(admin, "iam", "ListUsers"))
    assert (answer.status, code_of(answer)) == (501, "NotImplemented")
    assert "iam:ListUsers" in answer.body.decode()
    monkeypatch.undo()
    assert events(house)[0]["errorCode"] == "NotImplemented"


def test_an_operation_of_iam_that_nobody_wrote_yet(house, admin):
    name = missing_operation()
    if name is None:
        pytest.skip("IAM is complete")
    assert house.answer(signed(admin, "iam", name)).status == 501


def test_what_may_be_unsigned_is_served_to_anybody(house, instead):
    instead(
        "sts", "get_caller_identity", unsigned=True, function=lambda call: {"Arn": call.caller.kind}
    )
    answer = house.answer(unsigned("sts", "GetCallerIdentity"))
    assert answer.status == 200
    assert "<Arn>anonymous</Arn>" in answer.body.decode()


def test_nothing_else_is(house, instead):
    instead("sts", "get_caller_identity", function=lambda _: pytest.fail("it was called"))
    answer = house.answer(unsigned("sts", "GetCallerIdentity"))
    assert code_of(answer) == "MissingAuthenticationToken"


def test_a_presigned_url_is_served(house, ann):
    answer = house.answer(presigned(ann, "sts", "GetCallerIdentity"))
    assert answer.status == 200
    assert "user/ann</Arn>" in answer.body.decode()


def test_a_presigned_url_that_was_altered_is_not(house, ann):
    request = presigned(ann, "sts", "GetCallerIdentity")
    altered = replace(request, query=request.query.replace("GetCallerIdentity", "GetSessionToken"))
    assert code_of(house.answer(altered)) == "SignatureDoesNotMatch"


def test_who_one_is_may_not_be_denied(house, ann):
    house.iam.put_user_policy(UserName="ann", PolicyName="none", PolicyDocument=DENY_ALL)
    assert house.answer(signed(ann, "sts", "GetCallerIdentity")).status == 200
    assert code_of(house.answer(signed(ann, "iam", "ListUsers"))) == "AccessDenied"


def test_a_session_without_mfa_stays_in_its_scope(house, ann):
    house.iam.put_user_policy(UserName="ann", PolicyName="all", PolicyDocument=ALLOW_ALL)
    client = house.client("sts", ann.key_id, ann.secret)
    session = Keys.of(client.get_session_token()["Credentials"])
    answer = house.answer(signed(session, "iam", "ListUsers"))
    assert code_of(answer) == "InvalidClientTokenId"
    assert "obtained without MFA" in answer.body.decode()
    assert house.answer(signed(session, "sts", "GetCallerIdentity")).status == 200


def test_a_permission_taken_away_while_the_call_waits_is_asked_for_again(house, ann, monkeypatch):
    house.iam.put_user_policy(UserName="ann", PolicyName="all", PolicyDocument=ALLOW_ALL)
    write = house.house.writer.write

    async def late(account_id, job):
        monkeypatch.undo()
        await write(account_id, replace_user(inline=()))
        return await write(account_id, job)

    monkeypatch.setattr(house.house.writer, "write", late)
    answer = house.answer(signed(ann, "iam", "CreateUser", UserName="bob"))
    assert code_of(answer) == "AccessDenied"
    assert "bob" not in users(house)
    denied = next(event for event in events(house) if event["eventName"] == "CreateUser")
    assert denied["errorCode"] == "AccessDenied"


def test_a_refusal_that_did_not_stand_leaves_no_trace(house, ann, monkeypatch):
    """The job of a batch is run again after a conflict; the first run was on an older account."""
    house.iam.put_user_policy(UserName="ann", PolicyName="all", PolicyDocument=ALLOW_ALL)
    write = house.house.writer.write

    async def twice(account_id, job):
        monkeypatch.undo()
        live = house.house.accounts.get(account_id)
        refused = job(replace_user(inline=())(live).live)
        assert refused.answer.code == "AccessDenied"
        await write(account_id, replace_user(path="/moved/"))
        return await write(account_id, job)

    monkeypatch.setattr(house.house.writer, "write", twice)
    answer = house.answer(signed(ann, "iam", "CreateUser", UserName="bob"))
    assert answer.status == 200
    made = next(event for event in events(house) if event["eventName"] == "CreateUser")
    assert "errorCode" not in made
    assert "additionalEventData" not in made


def replace_user(**changes):
    """The job that changes ann."""

    def job(live):
        account = live.account.put(replace(live.account.user("ann"), **changes))
        return Written(replace(live, account=account), None, ())

    return job


# -- many nodes --


@pytest.mark.parametrize(
    ("age_s", "reads", "writes"),
    [(0, 200, 200), (9, 200, 200), (11, 200, 503), (59, 200, 503), (61, 503, 503)],
)
def test_an_old_picture_refuses_changes_then_everything(
    house, admin, monkeypatch, age_s, reads, writes
):
    class Old:
        def __init__(self):
            self.age_s = age_s

    monkeypatch.setattr(house.house.pipeline, "follower", Old())
    assert house.answer(signed(admin, "iam", "ListUsers")).status == reads
    unknown = signed(Keys("AKIAIOSFODNN7EXAMPLE", "s"), "iam", "ListUsers")
    assert house.answer(unknown).status == (403 if reads == 200 else 503)
    answer = house.answer(signed(admin, "iam", "CreateUser", UserName="bob"))
    assert answer.status == writes
    monkeypatch.undo()
    assert ("bob" in users(house)) is (writes == 200)


# -- the rest --


def test_too_many_failures_are_no_longer_told_what_failed():
    house = TestHouse(**{"http.failures_per_minute": 3})
    try:
        house.clock.ahead += datetime.now(UTC).replace(second=1, microsecond=0) - datetime.now(UTC)
        wrong = signed(Keys(house.admin.access_key_id, "s"), "iam", "ListUsers")
        codes = [code_of(house.answer(wrong)) for _ in range(5)]
        assert codes == ["SignatureDoesNotMatch"] * 3 + ["Throttling"] * 2
        assert house.answer(signed(Keys(*house.admin), "iam", "ListUsers")).status == 200
    finally:
        house.close()


def test_without_its_main_account_a_house_serves_nobody_unsigned(house, monkeypatch, instead):
    instead("sts", "get_caller_identity", unsigned=True)
    monkeypatch.setattr(house.house.pipeline, "main_account", "999999999999")
    answer = house.answer(unsigned("sts", "GetCallerIdentity"))
    assert (answer.status, code_of(answer)) == (503, "ServiceUnavailable")


def test_a_user_whose_account_changed_meanwhile_is_served_from_the_new_one(house, ann):
    change(house, lambda account: [replace(account.user("ann"), path="/new/")])
    answer = house.answer(signed(ann, "sts", "GetCallerIdentity"))
    assert "user/new/ann</Arn>" in answer.body.decode()


# -- what takes much memory --


def test_a_few_passwords_are_hashed_at_once_and_the_others_wait(house, admin, instead):
    running, most = [], []

    def slow(*_args, **_params):
        running.append(1)
        most.append(len(running))
        time.sleep(0.01)
        running.pop()

    instead("iam", "update_login_profile", prepare=slow)
    house.iam.create_user(UserName="ann")
    house.iam.create_login_profile(UserName="ann", Password="First-Passw0rd")
    house.house.hashing = house.house.pipeline.hashing = asyncio.Semaphore(2)
    call = signed(admin, "iam", "UpdateLoginProfile", UserName="ann")

    async def many():
        return await asyncio.gather(*(house.house.pipeline.answer(call) for _ in range(5)))

    assert {answer.status for answer in house.run(many())} == {200}
    assert max(most) == 2
