import asyncio
import json

import pytest
from tests.app.signin.test_sessions import request_of

from doorward.app.signin.session import current_session, identified
from doorward.store.errors import StoreUnavailable
from doorward.wire.limits import HEADERS_LIMIT


@pytest.mark.parametrize(
    ("failure", "status", "error"),
    [
        (StoreUnavailable("down"), 503, "ServiceUnavailable"),
        (RuntimeError("a bug"), 500, "InternalFailure"),
    ],
)
def test_what_fails_opens_nothing_and_tells_nothing(
    house, browser, monkeypatch, root_password, failure, status, error
):
    async def broken(_email):
        raise failure

    monkeypatch.setattr(house.house.names, "of_email", broken)
    answer = browser.by_root(root_password)
    assert (answer.status, answer["error"]) == (status, error)
    assert str(failure) not in answer["message"]
    assert not answer.cookies


def test_without_the_store_nobody_is_signed_in_or_out(house, browser, ann, monkeypatch):
    browser.by_user("ann", ann)

    def down(*_args):
        raise StoreUnavailable("down")

    monkeypatch.setattr(house.house.store, "tallied", down)
    assert browser.get("/signin/session").status == 503
    monkeypatch.undo()
    assert browser.get("/signin/session").status == 200


def test_a_session_is_not_opened_without_its_record(house, browser, ann, monkeypatch):
    def down(_units):
        raise StoreUnavailable("down")

    monkeypatch.setattr(house.house.store, "commit", down)
    answer = browser.by_user("ann", ann)
    assert answer.status == 503
    assert not answer.cookies


def test_a_node_that_is_behind_lets_nobody_in(house, browser, ann, monkeypatch):
    monkeypatch.setattr(house.house, "is_ready", lambda: False)
    assert browser.by_user("ann", ann).status == 503


def test_heads_are_bounded(house, browser, root_password):
    form = json.dumps({"email": house.house.root_email, "password": root_password}).encode()
    headers = {"user-agent": "x" * HEADERS_LIMIT}
    answer = house.run(browser.sent("POST", "/signin/root", form, headers))
    assert (answer.status, answer.cookies) == (431, [])


@pytest.mark.parametrize("text", ["\ud800", "\0", "x" * 60_000, "\uff41nn", "../../etc"])
def test_whatever_is_typed_is_only_wrong(house, browser, text):
    for number, form in enumerate(
        (
            {"account": text, "user": text, "password": text},
            {"account": house.account_id, "user": text, "password": text},
            {"email": text, "password": text},
        )
    ):
        browser.source = f"192.0.2.{number}"
        path = "/signin/root" if "email" in form else "/signin/user"
        if len(json.dumps(form)) <= 64 * 1024:
            assert browser.post(path, **form).status in {400, 401}
        else:
            assert browser.post(path, **form).status == 413


def test_two_requests_do_not_turn_one_cookie_twice(house, browser, ann, phone_of):
    phone = phone_of("ann")
    step = browser.by_user("ann", ann)["step"]
    browser.post("/signin/mfa", step=step, code=phone.code())

    async def both():
        tries = [
            browser.posted("/signin/step-up/code", code=phone.code(steps)) for steps in (-1, 1)
        ]
        return [answer.status for answer in await asyncio.gather(*tries)]

    assert sorted(house.run(both())) == [200, 401]


def test_a_session_of_a_user_who_is_gone_calls_nothing(house, browser, ann):
    browser.by_user("ann", ann)
    request = request_of(browser)

    async def who():
        session = await current_session(house.house, request)
        return session and await identified(house.house, session)

    assert house.run(who())
    house.iam.delete_login_profile(UserName="ann")
    house.iam.delete_user(UserName="ann")
    assert house.run(who()) is None
