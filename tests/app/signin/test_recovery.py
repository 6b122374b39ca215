import asyncio
import json
import re
from dataclasses import replace
from urllib.parse import unquote

import pytest
from tests.app.asking import events
from tests.app.signin.browser import Browser
from tests.app.signin.cookies import root_cookie

from doorward.app.outbox import opened_post
from doorward.app.signin import recovery
from doorward.app.writer import Written
from doorward.store.errors import StoreUnavailable

EMAIL = "Root@example.com"
TYPED = "root@EXAMPLE.com"
NEW = "another Horse 8 battery"
NOBODY = "nobody@example.com"


@pytest.fixture
def owner(house):
    """Root has a real address."""
    profile_changed(house, email=EMAIL)
    return house


def profile_changed(house, **changes):
    def job(live):
        account = live.account.put(replace(live.account.profile, **changes))
        return Written(replace(live, account=account), None, ())

    house.run(house.house.writer.write(house.account_id, job))


def settled(house):
    """Wait for what goes on beside the answers."""

    async def wait():
        await asyncio.gather(*house.house._tasks)

    house.run(wait())


def ask(house, browser, email=TYPED):
    answer = browser.post("/signin/recovery", email=email)
    settled(house)
    return answer


def mails(house):
    """What waits to be sent, the oldest first."""
    posts = house.house.store.take_posts(10**15, -(10**15), 100)
    found = [opened_post(house.house.sealer, post) for post in posts]
    for post in posts:
        house.house.store.drop_post(post.id)
    return found


def link_of(house):
    (mail,) = mails(house)
    return re.search(r"http\S+", mail["text"])[0]


def token_of(house):
    return unquote(link_of(house).partition("#")[2])


def complete(browser, token, password=NEW):
    return browser.post("/signin/recovery/complete", token=token, password=password)


@pytest.mark.practice("S001-07", "S002-78")
def test_root_comes_back_by_a_link_in_a_mail(owner, browser):
    assert ask(owner, browser).status == 202
    token = token_of(owner)
    assert complete(browser, token).said == {"recovered": True}
    assert browser.by_root(NEW, EMAIL).status == 200
    assert browser.by_root(owner.house.first.root_password, EMAIL).status == 401
    names = [event["eventName"] for event in events(owner)]
    assert names.index("PasswordRecoveryCompleted") < names.index("PasswordRecoveryRequested")


@pytest.mark.practice("S001-07")
def test_the_records_are_roots_and_hold_no_token(owner, browser):
    ask(owner, browser)
    complete(browser, token_of(owner))
    kept = [row for row in owner.records() if row.event_name.startswith("PasswordRecovery")]
    assert len(kept) == 2
    for row in kept:
        event = json.loads(row.body)
        assert event["userIdentity"]["type"] == "Root"
        assert event["eventType"] == "AwsConsoleSignIn"
        assert event["responseElements"] == {row.event_name: "Success"}
        assert NEW not in row.body.decode()


def test_the_link_leads_to_a_page_here_and_no_servers_log_has_its_token(owner, browser):
    ask(owner, browser)
    address = link_of(owner).partition("#")[0]
    assert address == f"{browser.origin}/signin/recovery"
    page = owner.run(browser.sent("GET", "/signin/recovery"))
    assert b"/signin/recovery/complete" in page.body
    policy = dict(page.headers)["content-security-policy"]
    nonce = re.search(r"script-src 'nonce-([^']+)'", policy)[1]
    assert f'<script nonce="{nonce}">'.encode() in page.body
    assert "default-src 'none'" in policy


def test_the_link_leads_where_the_setting_says(owner, browser, monkeypatch):
    settings = replace(
        owner.house.settings,
        values={**owner.house.settings.values, "http.public_url": "https://iam.example.com"},
    )
    monkeypatch.setattr(owner.house, "settings", settings)
    ask(owner, browser)
    assert link_of(owner).startswith("https://iam.example.com/signin/recovery#")


@pytest.mark.parametrize("host", ["evil.example\\@localhost", "evil.example@localhost:4599"])
def test_no_host_makes_a_link_that_leads_elsewhere(owner, host):
    assert ask(owner, Browser(owner, host=host)).status == 403
    assert mails(owner) == []


def test_where_there_are_public_names_no_link_leads_to_a_local_one(owner):
    owner.house.settings.values["http.allowed_hosts"] = "iam.example.com"
    try:
        assert ask(owner, Browser(owner, secure=True))["error"] == "LocalName"
        assert mails(owner) == []
        assert ask(owner, Browser(owner, secure=True, host="iam.example.com")).status == 202
        assert link_of(owner).startswith("https://iam.example.com/signin/recovery#")
    finally:
        owner.house.settings.values["http.allowed_hosts"] = ""


@pytest.mark.parametrize("email", [NOBODY, "", "root@nowhere", "x" * 2000])
def test_the_answer_is_the_same_for_every_address(owner, browser, email):
    known = ask(owner, Browser(owner, "192.0.2.1"))
    unknown = ask(owner, browser, email)
    assert (unknown.status, unknown.body) == (known.status, known.body)
    assert len(mails(owner)) == 1


def test_an_address_that_a_first_start_made_up_is_mailed_nothing(house, browser):
    assert ask(house, browser, house.house.root_email).status == 202
    assert mails(house) == []


def test_a_link_works_once(owner, browser):
    ask(owner, browser)
    token = token_of(owner)
    assert complete(browser, token).status == 200
    assert complete(browser, token, "yet Another 9 horse")["error"] == "NoSuchLink"


def test_of_two_at_once_one_sets_the_password(owner, browser):
    ask(owner, browser)
    token = token_of(owner)

    async def both():
        tries = (
            browser.posted("/signin/recovery/complete", token=token, password=password)
            for password in (NEW, "yet Another 9 horse")
        )
        return [answer.status for answer in await asyncio.gather(*tries)]

    assert sorted(owner.run(both())) == [200, 400]


def test_a_link_is_over_after_a_quarter_of_an_hour(owner, browser):
    ask(owner, browser)
    token = token_of(owner)
    owner.clock.advance(minutes=15)
    assert complete(browser, token)["error"] == "NoSuchLink"


def test_another_new_password_ends_every_link(owner, browser):
    ask(owner, browser)
    ask(owner, browser)
    first, second = (unquote(m["text"].partition("#")[2].split()[0]) for m in mails(owner))
    assert complete(browser, second).status == 200
    assert complete(browser, first, "yet Another 9 horse")["error"] == "NoSuchLink"


def test_a_weak_password_is_refused_and_the_link_stays_open(owner, browser):
    ask(owner, browser)
    token = token_of(owner)
    weak = complete(browser, token, "short")
    assert (weak.status, weak["error"]) == (400, "PasswordPolicyViolation")
    assert complete(browser, token).status == 200


@pytest.mark.parametrize("token", ["", "nonsense", "e30="])
@pytest.mark.usefixtures("owner")
def test_what_was_not_sealed_here_opens_nothing(browser, token):
    assert complete(browser, token)["error"] == "NoSuchLink"


def test_every_session_of_root_is_over_and_root_is_told(owner, browser):
    thief = Browser(owner, "203.0.113.9")
    thief.cookie = root_cookie(owner)
    assert thief.get("/signin/session").status == 200
    owner.clock.advance(seconds=1)
    ask(owner, browser)
    complete(browser, token_of(owner))
    assert thief.get("/signin/session").status == 401
    profile = owner.house.accounts.get(owner.account_id).account.profile
    assert profile.root_revoked_before == profile.root_password_changed
    assert [mail["subject"] for mail in mails(owner)] == ["Doorward: New password for root"]


def test_who_asks_again_and_again_has_to_wait(owner, browser):
    statuses = [ask(owner, browser).status for _ in range(6)]
    assert statuses == [202] * 5 + [429]
    assert len(mails(owner)) == 5


def test_from_many_places_root_is_mailed_five_times_an_hour(owner):
    for number in range(8):
        assert ask(owner, Browser(owner, f"192.0.2.{number}")).status == 202
    assert len(mails(owner)) == recovery.MAILS_PER_HOUR
    owner.clock.advance(hours=1)
    ask(owner, Browser(owner, "192.0.2.99"))
    assert len(mails(owner)) == 1


@pytest.mark.usefixtures("owner")
def test_who_guesses_at_links_has_to_wait(browser):
    statuses = [complete(browser, f"guess{number}").status for number in range(6)]
    assert statuses == [400] * 5 + [429]


def test_a_page_of_another_origin_asks_for_nothing(owner, browser):
    body = json.dumps({"email": EMAIL}).encode()
    answer = owner.run(
        browser.sent("POST", "/signin/recovery", body, {"origin": "https://evil.example"})
    )
    assert answer.status == 403
    poisoned = Browser(owner, host="evil.example")
    assert ask(owner, poisoned).status == 403
    assert mails(owner) == []


@pytest.mark.parametrize("failure", [StoreUnavailable("away"), RuntimeError("worse")])
def test_what_could_not_be_mailed_is_logged(owner, browser, monkeypatch, caplog, failure):
    async def fail(*_words):
        raise failure

    monkeypatch.setattr(owner.house.names, "of_email", fail)
    assert ask(owner, browser).status == 202
    assert "was not mailed" in caplog.text


def test_an_account_that_is_gone_has_no_link(owner, browser, monkeypatch):
    ask(owner, browser)
    token = token_of(owner)
    monkeypatch.setattr(owner.house.accounts, "get", lambda _account: None)
    assert complete(browser, token)["error"] == "NoSuchLink"
