import pytest
from tests.app.asking import events
from tests.app.signin.browser import Browser, Phone
from tests.authn.authenticator import Authenticator
from tests.house import TestHouse

from doorward.app.cli.self_service_mfa import text


def enrol(browser, step, **form):
    """Make an app's device and enable it; the phone and the answer."""
    made = browser.post("/signin/enrol/app", step=step, **form)
    assert made.status == 200, made
    phone = Phone(browser.house, made["serial"], made["seed"])
    form = {"code1": phone.code(-1), "code2": phone.code()}
    return phone, browser.post("/signin/enrol/app/codes", step=made["step"], **form)


@pytest.mark.practice("S002-08")
@pytest.mark.parametrize(("day", "left"), [(0, 35), (1, 34), (34, 1)])
def test_within_35_days_root_may_wait(house, browser, root_password, day, left):
    browser.by_root("wrong")
    house.clock.advance(days=day, minutes=1)
    answer = browser.by_root(root_password)
    assert (answer["next"], answer["skip"], answer["days_left"]) == ("enrol", True, left)
    assert not answer.cookies
    done = browser.post("/signin/enrol/skip", step=answer["step"])
    assert (done["next"], done["session"]["kind"], done["session"]["days_left"]) == (
        "done",
        "root",
        left,
    )


def test_the_days_count_from_the_first_attempt_of_all(house, browser, root_password):
    browser.by_root("wrong")
    house.clock.advance(days=34)
    browser.by_root("wrong")
    house.clock.advance(days=1)
    answer = browser.by_root(root_password)
    assert (answer["next"], answer["skip"], answer["days_left"]) == ("enrol", False, None)


@pytest.mark.practice("S000-10", "S001-15", "S002-07", "S002-08")
@pytest.mark.practice("S001-04", "S001-14")
def test_on_day_35_nothing_but_enrolment_opens(house, browser, root_password):
    browser.by_root("wrong")
    house.clock.advance(days=35)
    step = browser.by_root(root_password)["step"]
    answer = browser.post("/signin/enrol/skip", step=step)
    assert (answer.status, answer["next"], answer["skip"]) == (200, "enrol", False)
    assert not answer.cookies
    assert browser.get("/signin/session").status == 401
    phone, done = enrol(browser, step)
    assert (done["next"], done["session"]["mfa"]) == ("done", True)
    assert phone.serial == f"arn:aws:iam::{house.account_id}:mfa/root-account-mfa-device"
    assert browser.by_root(root_password)["next"] == "mfa"


def test_a_step_from_before_skips_nothing_after_day_35(house, browser, root_password):
    browser.by_root("wrong")
    house.clock.advance(days=34, hours=23, minutes=50)
    step = browser.by_root(root_password)["step"]
    house.clock.advance(minutes=11)
    assert browser.post("/signin/enrol/skip", step=step)["skip"] is False


def test_a_session_without_mfa_ends_with_the_grace(house, browser, root_password):
    browser.by_root("wrong")
    house.clock.advance(days=34, hours=23)
    step = browser.by_root(root_password)["step"]
    assert browser.post("/signin/enrol/skip", step=step)["next"] == "done"
    house.clock.advance(minutes=59)
    assert browser.get("/signin/session").status == 200
    house.clock.advance(minutes=1)
    assert browser.get("/signin/session").status == 401


@pytest.mark.practice("S001-18")
def test_root_is_recorded_as_aws_does(house, browser, root_password):
    browser.post("/signin/enrol/skip", step=browser.by_root(root_password)["step"])
    event = events(house)[0]
    assert event["eventName"] == "ConsoleLogin"
    assert event["eventType"] == "AwsConsoleSignIn"
    assert event["userIdentity"] == {
        "type": "Root",
        "principalId": house.account_id,
        "arn": f"arn:aws:iam::{house.account_id}:root",
        "accountId": house.account_id,
        "accessKeyId": "",
    }
    assert event["responseElements"] == {"ConsoleLogin": "Success"}
    assert event["additionalEventData"]["MFAUsed"] == "No"


@pytest.mark.practice("S002-09")
@pytest.mark.practice("S001-04", "S001-14")
def test_root_enrols_a_passkey(house, browser, root_password):
    step = browser.by_root(root_password)["step"]
    offer = browser.post("/signin/enrol/passkey", step=step)
    answer = Authenticator().create(offer["options"], browser.origin)
    done = browser.post(
        "/signin/enrol/passkey/made", step=offer["step"], name="yubi", answer=answer
    )
    assert (done["next"], done["session"]["mfa"]) == ("done", True)
    enabled = next(event for event in events(house) if event["eventName"] == "EnableMFADevice")
    assert enabled["userIdentity"]["type"] == "Root"
    assert ":u2f/root-account/yubi-" in enabled["requestParameters"]["serialNumber"]
    assert "authenticationCode1" not in enabled["requestParameters"]
    assert browser.by_root(root_password)["next"] == "mfa"


def test_a_wrong_pair_of_codes_counts_as_a_failure(browser, root_password):
    step = browser.by_root(root_password)["step"]
    made = browser.post("/signin/enrol/app", step=step)
    form = {"step": made["step"], "code1": "000000", "code2": "000000"}
    for _ in range(5):
        answer = browser.post("/signin/enrol/app/codes", **form)
        assert (answer.status, answer["error"]) == (403, "InvalidAuthenticationCode")
    assert browser.post("/signin/enrol/app/codes", **form).status == 429


def test_what_an_attempt_left_is_replaced(house, browser, root_password):
    step = browser.by_root(root_password)["step"]
    left = browser.post("/signin/enrol/app", step=step)
    phone, done = enrol(browser, step)
    assert done["next"] == "done"
    assert phone.serial == left["serial"]
    assert len(house.iam.list_virtual_mfa_devices()["VirtualMFADevices"]) == 1


def test_a_device_in_use_is_not_replaced(house, browser, root_password):
    enrol(browser, browser.by_root(root_password)["step"])
    root = house.house.accounts.get(house.account_id).account
    assert [device.holder for device in root.mfa_devices_of(house.account_id)] == [house.account_id]
    answer = browser.by_root(root_password)
    assert answer["next"] == "mfa"


def test_codes_need_a_device(browser, root_password):
    step = browser.by_root(root_password)["step"]
    answer = browser.post("/signin/enrol/app/codes", step=step, code1="1", code2="2")
    assert (answer.status, answer["error"]) == (400, "NoDevice")


def test_a_challenge_of_enrolment_takes_one_answer(browser, root_password):
    step = browser.by_root(root_password)["step"]
    offer = browser.post("/signin/enrol/passkey", step=step)
    wrong = Authenticator().create(offer["options"], "http://localhost:1")
    form = {"step": offer["step"], "name": "yubi"}
    assert browser.post("/signin/enrol/passkey/made", **form, answer=wrong).status == 403
    right = Authenticator().create(offer["options"], browser.origin)
    assert browser.post("/signin/enrol/passkey/made", **form, answer=right).status == 401


@pytest.fixture
def strict():
    houses = []

    def make(**settings):
        houses.append(TestHouse(**settings))
        return houses[-1]

    yield make
    for house in houses:
        house.close()


def test_without_grace_root_enrols_at_once(strict):
    house = strict(**{"signin.root_mfa_grace_days": 0})
    answer = Browser(house).by_root(house.house.first.root_password)
    assert (answer["next"], answer["skip"]) == ("enrol", False)


@pytest.mark.practice("S002-77")
def test_users_enrol_where_mfa_is_required_and_the_engine_lets_them(strict):
    house = strict(**{"signin.require_mfa": "on"})
    house.iam.create_user(UserName="ann")
    house.iam.create_login_profile(UserName="ann", Password="correct horse 7 Battery")
    browser = Browser(house)
    answer = browser.by_user("ann", "correct horse 7 Battery")
    assert (answer["next"], answer["skip"], answer["days_left"]) == ("enrol", False, None)
    refused = browser.post("/signin/enrol/app", step=answer["step"])
    assert (refused.status, refused["error"]) == (403, "AccessDenied")
    assert "iam:CreateVirtualMFADevice" in refused["message"]
    house.iam.attach_user_policy(UserName="ann", PolicyArn="arn:aws:iam::aws:policy/IAMFullAccess")
    phone, done = enrol(browser, answer["step"], name="anns-phone")
    assert (done["next"], done["session"]["mfa"]) == ("done", True)
    assert phone.serial.endswith(":mfa/anns-phone")


def test_the_self_service_policy_is_enough_to_enrol(strict):
    house = strict(**{"signin.require_mfa": "on"})
    house.iam.create_user(UserName="ann")
    house.iam.create_login_profile(UserName="ann", Password="correct horse 7 Battery")
    house.iam.put_user_policy(UserName="ann", PolicyName="self", PolicyDocument=text())
    browser = Browser(house)
    step = browser.by_user("ann", "correct horse 7 Battery")["step"]
    browser.post("/signin/enrol/app", step=step)
    phone, done = enrol(browser, step)
    assert (done["next"], done["session"]["mfa"]) == ("done", True)
    assert phone.serial.endswith(":mfa/ann-2")


def test_synced_passkeys_are_refused_where_the_setting_says_so(strict):
    house = strict(**{"signin.device_bound_passkeys": "on"})
    browser = Browser(house)
    step = browser.by_root(house.house.first.root_password)["step"]
    offer = browser.post("/signin/enrol/passkey", step=step)
    answer = Authenticator(may_sync=True).create(offer["options"], browser.origin)
    form = {"step": offer["step"], "name": "phone", "answer": answer}
    refused = browser.post("/signin/enrol/passkey/made", **form)
    assert (refused.status, refused["error"]) == (400, "SyncedPasskey")
    offer = browser.post("/signin/enrol/passkey", step=step)
    answer = Authenticator().create(offer["options"], browser.origin)
    form = {"step": offer["step"], "name": "usb", "answer": answer}
    assert browser.post("/signin/enrol/passkey/made", **form)["next"] == "done"
