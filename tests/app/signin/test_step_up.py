from dataclasses import replace

import pytest
from tests.app.asking import events
from tests.app.signin.browser import Browser
from tests.app.signin.test_second_factor import with_passkey
from tests.app.signin.test_sessions import request_of
from tests.authn.authenticator import Authenticator

from doorward.app.signin.session import current_session, set_cookie
from doorward.authn.console_session import WayIn


@pytest.fixture
def phone(ann, phone_of):
    assert ann
    return phone_of("ann")


@pytest.fixture
def inside(browser, ann, phone):
    """Signed in with MFA, a while ago."""
    step = browser.by_user("ann", ann)["step"]
    browser.post("/signin/mfa", step=step, code=phone.code())
    browser.house.clock.advance(minutes=10)
    return browser


def test_a_code_makes_mfa_fresh_and_turns_the_cookie(house, inside, phone):
    before = inside.cookie
    offer = inside.post("/signin/step-up")
    assert (offer["code"], offer["passkey"]) == (True, None)
    answer = inside.post("/signin/step-up/code", code=phone.code())
    assert answer.status == 200
    assert inside.cookie != before
    assert answer["mfa_at"] > answer["expires"][:0]
    assert events(house)[0]["eventName"] == "CheckMfa"
    assert inside.get("/signin/session").status == 200
    stale = Browser(house)
    stale.cookie, stale.csrf = before, inside.csrf
    assert stale.get("/signin/session").status == 401


def test_a_step_up_does_not_lengthen_the_session(inside, phone):
    ends = inside.get("/signin/session")["expires"]
    assert inside.post("/signin/step-up/code", code=phone.code())["expires"] == ends


def test_a_wrong_code_changes_nothing_and_counts(house, inside, phone):
    before = inside.cookie
    for _ in range(5):
        assert inside.post("/signin/step-up/code", code="000000")["error"] == "WrongCode"
    assert inside.post("/signin/step-up/code", code=phone.code()).status == 429
    assert inside.cookie == before
    event = events(house)[0]
    assert event["responseElements"] == {"CheckMfa": "Failure"}


def test_a_passkey_does_as_well_and_its_ticket_once(house, browser, ann, allow):
    key = with_passkey(house, browser, "ann", ann, allow)
    assert browser.get("/signin/session")["mfa"] is False
    offer = browser.post("/signin/step-up")
    wrong = Authenticator().get(offer["passkey"], browser.origin)
    refused = browser.post("/signin/step-up/passkey", ticket=offer["ticket"], answer=wrong)
    assert refused["error"] == "WrongKey"
    right = key.get(offer["passkey"], browser.origin)
    late = browser.post("/signin/step-up/passkey", ticket=offer["ticket"], answer=right)
    assert late["error"] == "TicketOver"
    offer = browser.post("/signin/step-up")
    right = key.get(offer["passkey"], browser.origin)
    done = browser.post("/signin/step-up/passkey", ticket=offer["ticket"], answer=right)
    assert (done.status, done["mfa"]) == (200, True)


def test_a_ticket_is_one_sessions_alone_and_waits_five_minutes(house, browser, ann, allow):
    key = with_passkey(house, browser, "ann", ann, allow)
    offer = browser.post("/signin/step-up")
    other = Browser(house)
    asked = other.by_user("ann", ann)
    answer = key.get(asked["passkey"], other.origin)
    other.post("/signin/mfa/passkey", step=asked["step"], answer=answer)
    form = {"ticket": offer["ticket"], "answer": key.get(offer["passkey"], browser.origin)}
    assert other.post("/signin/step-up/passkey", **form)["error"] == "TicketOver"
    house.clock.advance(minutes=5)
    assert browser.post("/signin/step-up/passkey", **form)["error"] == "TicketOver"


def test_a_passkey_is_added_after_fresh_mfa_alone(house, inside, phone, allow):
    allow("ann", "iam:EnableMFADevice")
    assert inside.post("/signin/passkeys")["error"] == "StepUpNeeded"
    inside.post("/signin/step-up/code", code=phone.code())
    offer = inside.post("/signin/passkeys")
    answer = Authenticator().create(offer["options"], inside.origin)
    made = inside.post("/signin/passkeys/made", ticket=offer["ticket"], name="k", answer=answer)
    assert made["serial"].startswith(f"arn:aws:iam::{house.account_id}:u2f/user/ann/k-")


def test_the_engine_decides_who_may_add_one(browser, ann):
    browser.by_user("ann", ann)
    offer = browser.post("/signin/passkeys")
    answer = Authenticator().create(offer["options"], browser.origin)
    made = browser.post("/signin/passkeys/made", ticket=offer["ticket"], name="k", answer=answer)
    assert (made.status, made["error"]) == (403, "AccessDenied")
    assert "iam:EnableMFADevice" in made["message"]


def test_without_a_device_there_is_nothing_to_show(browser, ann):
    browser.by_user("ann", ann)
    for path, form in (("", {}), ("/code", {"code": "123456"})):
        answer = browser.post(f"/signin/step-up{path}", **form)
        assert (answer.status, answer["error"]) == (400, "NoDevice")


def test_who_came_by_federation_has_no_credentials_here(house, browser, ann):
    browser.by_user("ann", ann)
    request = request_of(browser)

    async def federated():
        session = await current_session(house.house, request)
        session = replace(session, way=WayIn.FEDERATION)
        return set_cookie(house.house, request, session, house.clock())[1]

    browser.cookie = tuple(house.run(federated()).partition(";")[0].split("=", 1))
    assert browser.get("/signin/session").status == 200
    form = {"old_password": ann, "new_password": "another horse 9 Battery"}
    for path, fields in (("passkeys", {}), ("step-up", {}), ("own-password", form)):
        assert browser.post(f"/signin/{path}", **fields)["error"] == "NoCredentials"
