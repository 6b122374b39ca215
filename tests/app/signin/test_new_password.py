import pytest
from tests.app.asking import events
from tests.app.signin.browser import Browser
from tests.app.signin.conftest import PASSWORD
from tests.app.signin.test_enrolment import enrol

from doorward.app.outbox import opened_post

NEW = "a Staple and 9 clouds"


@pytest.fixture
def fresh(new_user):
    return new_user("ann", PasswordResetRequired=True)


def change(browser, step, new=NEW, old=PASSWORD):
    return browser.post("/signin/new-password", step=step, old_password=old, new_password=new)


def test_a_password_to_be_reset_opens_its_change_alone(house, browser, fresh, allow):
    allow("ann", "iam:ChangePassword")
    asked = browser.by_user("ann", fresh)
    assert (asked["next"], asked["policy"]) == ("password", None)
    assert not asked.cookies
    done = change(browser, asked["step"])
    assert done["next"] == "done"
    assert browser.get("/signin/session").status == 200
    names = [event["eventName"] for event in events(house)]
    assert names[:2] == ["ConsoleLogin", "ChangePassword"]
    assert house.iam.get_login_profile(UserName="ann")["LoginProfile"]["PasswordResetRequired"] is (
        False
    )
    assert browser.by_user("ann", NEW)["next"] == "done"
    assert browser.by_user("ann", PASSWORD).status == 401


def test_who_may_not_change_it_stays_outside(browser, fresh):
    step = browser.by_user("ann", fresh)["step"]
    answer = change(browser, step)
    assert (answer.status, answer["error"]) == (403, "AccessDenied")
    assert "iam:ChangePassword" in answer["message"]


def test_the_account_may_let_everybody_change_theirs(house, browser, fresh):
    house.iam.update_account_password_policy(AllowUsersToChangePassword=True)
    asked = browser.by_user("ann", fresh)
    assert asked["policy"]["minimum_length"] == 6
    assert change(browser, asked["step"])["next"] == "done"


@pytest.mark.parametrize("new", ["short", "alllowercaseletters"])
def test_the_rules_hold_and_the_step_may_be_tried_again(browser, fresh, allow, new):
    allow("ann", "iam:ChangePassword")
    step = browser.by_user("ann", fresh)["step"]
    refused = change(browser, step, new)
    assert (refused.status, refused["error"]) == (400, "PasswordPolicyViolation")
    assert change(browser, step)["next"] == "done"


def test_here_known_passwords_are_refused(house, browser, fresh, allow):
    allow("ann", "iam:ChangePassword")
    house.iam.update_account_password_policy(MinimumPasswordLength=6)
    refused = change(browser, browser.by_user("ann", fresh)["step"], "password1")
    assert (refused.status, refused["error"]) == (400, "PasswordPolicyViolation")


def test_a_wrong_old_password_counts(browser, fresh, allow):
    allow("ann", "iam:ChangePassword")
    step = browser.by_user("ann", fresh)["step"]
    for _ in range(5):
        assert change(browser, step, old="wrong").status == 403
    assert change(browser, step).status == 429


def test_mfa_comes_before_the_change(browser, fresh, allow, phone_of):
    phone = phone_of("ann")
    allow("ann", "iam:ChangePassword")
    asked = browser.by_user("ann", fresh)
    assert asked["next"] == "mfa"
    step = browser.post("/signin/mfa", step=asked["step"], code=phone.code())
    assert step["next"] == "password"
    done = change(browser, step["step"])
    assert (done["next"], done["session"]["mfa"]) == ("done", True)


@pytest.mark.practice("S003-22")
def test_an_expired_password_must_be_changed(house, browser, ann):
    house.iam.update_account_password_policy(MaxPasswordAge=30, AllowUsersToChangePassword=True)
    house.clock.advance(days=14)
    assert browser.by_user("ann", ann)["password_expires"] is None
    house.clock.advance(days=2)
    warned = browser.by_user("ann", ann)
    assert warned["next"] == "done"
    assert warned["password_expires"]
    house.clock.advance(days=14)
    asked = browser.by_user("ann", ann)
    assert asked["next"] == "password"
    assert change(browser, asked["step"])["next"] == "done"


@pytest.mark.practice("S003-22")
def test_after_a_hard_expiry_only_an_administrator_helps(house, browser, ann):
    house.iam.update_account_password_policy(
        MaxPasswordAge=1, HardExpiry=True, AllowUsersToChangePassword=True
    )
    house.clock.advance(days=2)
    refused = browser.by_user("ann", ann)
    assert (refused.status, refused["error"]) == (403, "PasswordExpired")
    assert events(house)[0]["responseElements"] == {"ConsoleLogin": "Failure"}
    assert browser.by_user("ann", "wrong").status == 401
    house.iam.update_login_profile(UserName="ann", Password=NEW)
    assert browser.by_user("ann", NEW)["next"] == "done"


def subjects(house):
    """Of the mails that wait."""
    store, sealer = house.house.store, house.house.sealer
    posts = store.take_posts(10**15, 1, 100)
    return [opened_post(sealer, post)["subject"] for post in posts]


def own(browser, old=PASSWORD, new=NEW):
    return browser.post("/signin/own-password", old_password=old, new_password=new)


def test_ones_own_change_ends_the_other_sessions(house, browser, ann, allow):
    allow("ann", "iam:ChangePassword")
    other = Browser(house)
    other.by_user("ann", ann)
    browser.by_user("ann", ann)
    before = browser.cookie
    assert own(browser).status == 200
    assert browser.get("/signin/session").status == 200
    assert other.get("/signin/session").status == 401
    browser.cookie = before
    assert browser.get("/signin/session").status == 401


def test_an_administrators_change_ends_all_of_them(house, browser, ann):
    browser.by_user("ann", ann)
    house.iam.update_login_profile(UserName="ann", PasswordResetRequired=True)
    assert browser.get("/signin/session").status == 200
    house.iam.update_login_profile(UserName="ann", Password=NEW)
    assert browser.get("/signin/session").status == 401


def test_ones_own_change_wants_mfa_of_the_last_minutes(house, browser, ann, allow, phone_of):
    allow("ann", "iam:ChangePassword")
    phone = phone_of("ann")
    step = browser.by_user("ann", ann)["step"]
    browser.post("/signin/mfa", step=step, code=phone.code())
    house.clock.advance(minutes=6)
    assert own(browser)["error"] == "StepUpNeeded"
    assert browser.post("/signin/step-up/code", code=phone.code()).status == 200
    assert own(browser).status == 200


def test_root_changes_its_own(house, browser, root_password):
    enrol(browser, browser.by_root(root_password)["step"])
    assert own(browser, old="wrong").status == 401
    weak = own(browser, old=root_password, new="password1")
    assert (weak.status, weak["error"]) == (400, "PasswordPolicyViolation")
    assert own(browser, old=root_password).status == 200
    event = events(house)[0]
    assert (event["eventName"], event["responseElements"]) == (
        "PasswordUpdated",
        {"PasswordUpdated": "Success"},
    )
    assert subjects(house)[-1] == "Doorward: New password for root"
    assert browser.get("/signin/session").status == 200
    assert browser.by_root(root_password).status == 401
    assert browser.by_root(NEW)["next"] == "mfa"
