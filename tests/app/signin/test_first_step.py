import asyncio

import pytest
from tests.app.asking import events
from tests.app.signin.browser import Browser
from tests.app.signin.conftest import PASSWORD
from tests.house import TestHouse

from doorward.app.vault import AccountVault
from doorward.authn import passwords
from doorward.authn.passwords import outdated
from doorward.services.iam.passwords import cost_of, password_place

WRONG = {
    "error": "IncorrectCredentials",
    "message": "Your authentication information is incorrect. Please try again.",
}


@pytest.mark.practice("S001-02")
def test_a_user_comes_in_with_account_name_and_password(house, browser, ann):
    answer = browser.by_user("ANN", ann)
    assert (answer.status, answer["next"]) == (200, "done")
    session = browser.get("/signin/session")
    assert session["arn"] == f"arn:aws:iam::{house.account_id}:user/ann"
    assert (session["mfa"], session["kind"], session["days_left"]) == (False, "user", None)


def test_an_alias_stands_for_the_account(house, browser, ann):
    house.iam.create_account_alias(AccountAlias="our-house")
    assert browser.by_user("ann", ann, account="our-house")["session"]["alias"] == "our-house"
    house.iam.delete_account_alias(AccountAlias="our-house")
    assert browser.by_user("ann", ann, account="our-house").status == 401


@pytest.mark.practice("S001-02")
@pytest.mark.practice("S001-11")
def test_root_is_known_by_its_address_whatever_its_case(browser, house, root_password):
    answer = browser.by_root(root_password, email=house.house.root_email.upper())
    assert (answer.status, answer["next"], answer["skip"]) == (200, "enrol", True)


@pytest.fixture
def argon2(monkeypatch):
    """The costs of each run of argon2."""
    runs = []
    hashed = passwords._hashed

    def counted(password, salt, cost):
        runs.append(cost)
        return hashed(password, salt, cost)

    monkeypatch.setattr(passwords, "_hashed", counted)
    return runs


def test_nobody_learns_who_is_there(house, browser, ann, argon2):
    house.iam.create_user(UserName="keyless")
    full = cost_of(house.house.settings.values)
    tries = [
        lambda: browser.by_user("ann", "wrong"),
        lambda: browser.by_user("nobody", "wrong"),
        lambda: browser.by_user("keyless", "wrong"),
        lambda: browser.by_user("ann", ann, account="999999999999"),
        lambda: browser.by_user("ann", ann, account="no-such-alias"),
        lambda: browser.by_root("wrong"),
        lambda: browser.by_root("wrong", email="nobody@example.com"),
    ]
    answers = []
    for number, attempt in enumerate(tries):
        argon2.clear()
        browser.source = f"192.0.2.{number}"
        answers.append(attempt())
        assert argon2.count(full) == 1
    assert [answer.status for answer in answers] == [401] * len(tries)
    assert len({answer.body for answer in answers}) == 1
    assert answers[0].said == WRONG
    assert not any(answer.cookies for answer in answers)


def test_names_that_are_not_there_wait_as_long(house, browser):
    for name in ("admin", "nobody"):
        other = Browser(house, source=f"192.0.2.{len(name)}")
        for _ in range(5):
            assert other.by_user(name, "wrong").status == 401
        answer = other.by_user(name, "wrong")
        assert (answer.status, answer["error"], answer["retry_after_s"]) == (429, "TooManyTries", 1)
        assert dict(answer.headers)["retry-after"] == "1"
    assert browser.by_root("x", email="nobody@example.com").status == 401


def test_while_it_waits_nothing_is_verified(browser, ann, argon2):
    for _ in range(5):
        browser.by_user("ann", "wrong")
    argon2.clear()
    assert browser.by_user("ann", ann).status == 429
    assert argon2 == []
    browser.house.clock.advance(seconds=1)
    assert browser.by_user("ann", ann)["next"] == "done"


def test_ten_thousand_wrong_passwords_elsewhere_do_not_shut_the_owner_out(house, ann):
    thief, owner = Browser(house, "203.0.113.9"), Browser(house)

    async def guess():
        statuses = []
        for number in range(10_000):
            form = {"account": house.account_id, "user": "ann", "password": f"guess {number}"}
            statuses.append((await thief.posted("/signin/user", **form)).status)
            if number == 5_000:
                form["password"] = ann
                answer = await owner.posted("/signin/user", **form)
                assert answer["next"] == "done"
        return statuses

    statuses = house.run(guess())
    assert statuses.count(401) < 15
    assert statuses.count(429) > 9_980
    assert owner.by_user("ann", ann)["next"] == "done"


def test_many_guesses_at_once_are_not_all_the_first(house, ann):
    thief = Browser(house, "203.0.113.9")

    async def guess():
        form = {"account": house.account_id, "user": "ann"}
        tries = [thief.posted("/signin/user", **form, password=f"{n}") for n in range(50)]
        return [answer.status for answer in await asyncio.gather(*tries)]

    assert house.run(guess()).count(401) == 5
    assert ann == PASSWORD


def test_success_takes_back_exactly_its_own_try(house, ann, new_user):
    new_user("bob")
    shared = Browser(house)
    for name in ("u1", "u2", "u3", "u4"):
        shared.by_user(name, "wrong")
    for _ in range(3):
        assert shared.by_user("bob", ann)["next"] == "done"
    # Four failures are still there: one more is free, the next one waits.
    assert shared.by_user("u5", "wrong").status == 401
    assert shared.by_user("u6", "wrong").status == 429


def test_an_outdated_hash_is_made_anew_at_sign_in(house, browser, root_password):
    cost = cost_of(house.house.settings.values)

    def kept():
        live = house.house.accounts.get(house.account_id)
        return AccountVault(live, house.house.sealer).get(password_place(house.account_id))

    assert outdated(kept(), cost)
    browser.by_root("wrong")
    assert outdated(kept(), cost)
    browser.by_root(root_password)
    assert not outdated(kept(), cost)
    assert browser.by_root(root_password).status == 200


def test_when_the_password_was_used_is_told(house, browser, ann):
    assert "PasswordLastUsed" not in house.iam.get_user(UserName="ann")["User"]
    browser.by_user("ann", ann)
    used = house.iam.get_user(UserName="ann")["User"]["PasswordLastUsed"]
    assert used == house.clock().replace(microsecond=0)


def test_a_password_without_its_login_profile_opens_nothing(house, browser, ann):
    house.iam.delete_login_profile(UserName="ann")
    assert browser.by_user("ann", ann).said == WRONG


def test_a_long_password_is_only_wrong(browser, ann):
    assert browser.by_user("ann", ann + "x" * 10_000).said == WRONG


def test_failures_are_recorded_as_aws_does(house, browser, ann):
    browser.by_user("ann", "wrong")
    browser.by_user("no such", ann)
    browser.by_root("wrong")
    browser.by_root("wrong", email="no@example.com")
    stranger, root, unknown, known = events(house)[:4]
    for event in (stranger, root, unknown, known):
        assert event["eventType"] == "AwsConsoleSignIn"
        assert event["responseElements"] == {"ConsoleLogin": "Failure"}
        assert event["additionalEventData"]["MFAUsed"] == "No"
    assert known["userIdentity"]["userName"] == "ann"
    assert "arn" not in known["userIdentity"]
    assert known["errorMessage"] == root["errorMessage"] == "Failed authentication"
    assert unknown["userIdentity"] == {
        "type": "IAMUser",
        "accountId": house.account_id,
        "accessKeyId": "",
        "userName": "HIDDEN_DUE_TO_SECURITY_REASONS",
    }
    assert unknown["errorMessage"] == "No username found in supplied account"
    assert root["userIdentity"] == {
        "type": "Root",
        "principalId": house.account_id,
        "arn": f"arn:aws:iam::{house.account_id}:root",
        "accountId": house.account_id,
        "accessKeyId": "",
    }
    assert stranger["userIdentity"]["type"] == "Unknown"
    assert not any("no such" in row.body.decode() for row in house.records())


def test_a_failure_is_looked_up_by_its_name(house, browser):
    browser.by_root("wrong")
    house.run(house.house.recorder.flush())
    attribute = [{"AttributeKey": "Username", "AttributeValue": "root"}]
    found = house.cloudtrail.lookup_events(LookupAttributes=attribute)["Events"]
    assert [event["EventName"] for event in found] == ["ConsoleLogin"]


def test_with_a_strict_trail_the_answer_waits_for_the_record():
    house = TestHouse(**{"trail.strict": "on", "trail.flush_ms": "100000"})
    try:
        Browser(house).by_root("wrong")
        found = house.house.store.find_records(
            house.account_id, start_ms=0, end_ms=10**15, attribute=None, limit=1, before=None
        )
        assert [row.event_name for _, row in found] == ["ConsoleLogin"]
    finally:
        house.close()
