import pytest
from tests.app.asking import events
from tests.app.signin.browser import Browser
from tests.authn.authenticator import Authenticator
from tests.house import raises_aws

WRONG_CODE = (401, "WrongCode")


@pytest.fixture
def phone(ann, phone_of):
    assert ann
    return phone_of("ann")


@pytest.fixture
def asked(browser, ann, phone):
    """The password was right; the code is asked for."""
    answer = browser.by_user("ann", ann)
    assert answer["next"] == "mfa"
    assert phone
    return answer


def said(answer):
    return answer.status, answer["error"]


def with_passkey(house, browser, user, password, allow):
    """Give a signed-in user a passkey."""
    allow(user, "iam:EnableMFADevice")
    browser.by_user(user, password)
    key = Authenticator()
    offer = browser.post("/signin/passkeys")
    made = browser.post(
        "/signin/passkeys/made",
        ticket=offer["ticket"],
        name="usb",
        answer=key.create(offer["options"], browser.origin),
    )
    assert made.status == 200, made
    assert house.iam.list_mfa_devices(UserName=user)["MFADevices"]
    return key


@pytest.mark.practice("S003-10")
def test_a_password_alone_opens_no_session(browser, asked):
    assert not asked.cookies
    assert browser.get("/signin/session").status == 401
    assert (asked["code"], asked["passkey"]) == (True, None)


def test_a_code_opens_it(house, browser, asked, phone):
    answer = browser.post("/signin/mfa", step=asked["step"], code=phone.code())
    assert (answer["next"], answer["session"]["mfa"]) == ("done", True)
    login, check = events(house)[:2]
    assert login["additionalEventData"] == {
        "LoginTo": "http://localhost:4599/console/",
        "MobileVersion": "No",
        "MFAIdentifier": phone.serial,
        "MFAUsed": "Yes",
    }
    assert login["responseElements"] == {"ConsoleLogin": "Success"}
    assert check["responseElements"] == {"CheckMfa": "Success"}
    assert check["additionalEventData"] == {"MfaType": "Virtual MFA"}


@pytest.mark.parametrize("steps", [-2, -1, 0, 1, 2])
def test_codes_of_two_steps_either_way_open_it(browser, asked, phone, steps):
    code = phone.code(steps)
    assert browser.post("/signin/mfa", step=asked["step"], code=code)["next"] == "done"


@pytest.mark.parametrize("steps", [-3, 3])
def test_codes_further_off_do_not(browser, asked, phone, steps):
    answer = browser.post("/signin/mfa", step=asked["step"], code=phone.code(steps))
    assert said(answer) == WRONG_CODE


def test_a_wrong_code_is_recorded_counts_and_may_be_tried_again(house, browser, asked, phone):
    for _ in range(4):
        assert said(browser.post("/signin/mfa", step=asked["step"], code="abcdef")) == WRONG_CODE
    event = events(house)[0]
    assert event["responseElements"] == {"ConsoleLogin": "Failure"}
    assert event["additionalEventData"]["MFAUsed"] == "Yes"
    assert event["errorMessage"] == "Failed authentication"
    assert browser.post("/signin/mfa", step=asked["step"], code=phone.code())["next"] == "done"


def test_the_one_counter_counts_codes_and_passwords(browser, asked, phone, ann):
    for _ in range(5):
        browser.post("/signin/mfa", step=asked["step"], code="000000")
    assert browser.post("/signin/mfa", step=asked["step"], code=phone.code()).status == 429
    assert browser.by_user("ann", ann).status == 429


def test_many_sources_have_no_more_codes_than_one(house, asked, phone):
    """An IPv6 network of /48 has 65,536 sources: at five codes each, more than half a million."""
    for number in range(5):
        elsewhere = Browser(house, f"2001:db8:0:{number}::1")
        assert elsewhere.post("/signin/mfa", step=asked["step"], code="000000").status == 401
    late = Browser(house, "2001:db8:0:ffff::1")
    assert late.post("/signin/mfa", step=asked["step"], code=phone.code()).status == 429


def test_where_its_owner_signed_in_before_nobody_elsewhere_slows_it(house, browser, phone, ann):
    step = browser.by_user("ann", ann)["step"]
    assert browser.post("/signin/mfa", step=step, code=phone.code(-1))["next"] == "done"
    for number in range(6):
        elsewhere = Browser(house, f"2001:db8:0:{number}::1")
        elsewhere.post("/signin/mfa", step=browser.by_user("ann", ann)["step"], code="000000")
    step = browser.by_user("ann", ann)["step"]
    assert browser.post("/signin/mfa", step=step, code=phone.code())["next"] == "done"


def test_a_right_password_does_not_wipe_out_wrong_codes(browser, asked, ann):
    for _ in range(5):
        step = asked["step"]
        browser.post("/signin/mfa", step=step, code="000000")
        again = browser.by_user("ann", ann)
        asked = again if again.status == 200 else asked
    assert browser.by_user("ann", ann).status == 429


def test_a_code_works_once_here_and_at_sts(house, browser, asked, phone, ann):
    used, fresh = phone.code(), phone.code(1)
    assert browser.post("/signin/mfa", step=asked["step"], code=used)["next"] == "done"
    second = browser.by_user("ann", ann)
    assert said(browser.post("/signin/mfa", step=second["step"], code=used)) == WRONG_CODE
    sts = house.user_client("ann", "sts")
    with raises_aws("AccessDenied"):
        sts.get_session_token(SerialNumber=phone.serial, TokenCode=used)
    sts.get_session_token(SerialNumber=phone.serial, TokenCode=fresh)
    assert said(browser.post("/signin/mfa", step=second["step"], code=fresh)) == WRONG_CODE


def test_a_step_becomes_one_session(browser, asked, phone):
    browser.post("/signin/mfa", step=asked["step"], code=phone.code())
    answer = browser.post("/signin/mfa", step=asked["step"], code=phone.code(1))
    assert said(answer) == (401, "StepOver")


def test_a_step_waits_five_minutes(house, browser, asked, phone):
    house.clock.advance(minutes=5)
    answer = browser.post("/signin/mfa", step=asked["step"], code=phone.code())
    assert said(answer) == (401, "StepOver")


@pytest.mark.parametrize(
    "change",
    [
        lambda iam: iam.update_login_profile(UserName="ann", Password="another Horse 8 battery"),
        lambda iam: iam.delete_login_profile(UserName="ann"),
    ],
)
def test_a_step_ends_with_the_password_it_began_with(house, browser, asked, phone, change):
    change(house.iam)
    answer = browser.post("/signin/mfa", step=asked["step"], code=phone.code())
    assert said(answer) == (401, "StepOver")


@pytest.mark.parametrize("step", ["", "x", "AAAA"])
def test_a_step_is_ours_alone(browser, step):
    assert said(browser.post("/signin/mfa", step=step, code="123456")) == (401, "StepOver")


def test_a_step_opens_only_what_it_waits_for(browser, asked):
    answer = browser.post("/signin/enrol/skip", step=asked["step"])
    assert said(answer) == (401, "StepOver")


def test_a_device_that_came_meanwhile_is_asked_for(house, browser, phone_of, root_password):
    first = browser.by_root(root_password)
    assert first["next"] == "enrol"
    # Another browser enrols in the meantime.
    other = Browser(house)
    step = other.by_root(root_password)["step"]
    made = other.post("/signin/enrol/app", step=step)
    from tests.app.signin.browser import Phone

    phone = Phone(house, made["serial"], made["seed"])
    done = other.post(
        "/signin/enrol/app/codes", step=made["step"], code1=phone.code(-1), code2=phone.code()
    )
    assert done["next"] == "done"
    assert browser.post("/signin/enrol/skip", step=first["step"])["next"] == "mfa"
    assert phone_of


@pytest.mark.practice("S002-09")
@pytest.mark.practice("S003-04", "S003-09", "S002-09")
def test_a_passkey_opens_it_and_counts(house, browser, ann, allow):
    key = with_passkey(house, browser, "ann", ann, allow)
    asked = browser.by_user("ann", ann)
    assert (asked["next"], asked["code"]) == ("mfa", False)
    answer = key.get(asked["passkey"], browser.origin)
    done = browser.post("/signin/mfa/passkey", step=asked["step"], answer=answer)
    assert (done["next"], done["session"]["mfa"]) == ("done", True)
    login, check = [event for event in events(house) if "signin" in event["eventSource"]][:2]
    assert ":u2f/user/ann/usb-" in login["additionalEventData"]["MFAIdentifier"]
    assert check["additionalEventData"] == {"MfaType": "U2F MFA"}


def test_a_challenge_takes_one_answer(house, browser, ann, allow):
    key = with_passkey(house, browser, "ann", ann, allow)
    asked = browser.by_user("ann", ann)
    wrong = key.get(asked["passkey"], "http://localhost:1")
    answer = browser.post("/signin/mfa/passkey", step=asked["step"], answer=wrong)
    assert said(answer) == (401, "WrongKey")
    right = key.get(asked["passkey"], browser.origin)
    answer = browser.post("/signin/mfa/passkey", step=asked["step"], answer=right)
    assert said(answer) == (401, "WrongKey")
    again = browser.post("/signin/mfa/again", step=asked["step"])
    right = key.get(again["passkey"], browser.origin)
    done = browser.post("/signin/mfa/passkey", step=again["step"], answer=right)
    assert done["next"] == "done"


def test_a_copied_key_does_not_come_in(house, browser, ann, allow):
    key = with_passkey(house, browser, "ann", ann, allow)
    asked = browser.by_user("ann", ann)
    key.counter = 9
    answer = key.get(asked["passkey"], browser.origin)
    browser.post("/signin/mfa/passkey", step=asked["step"], answer=answer)
    asked = browser.by_user("ann", ann)
    key.counter = 9
    answer = key.get(asked["passkey"], browser.origin)
    refused = browser.post("/signin/mfa/passkey", step=asked["step"], answer=answer)
    assert said(refused) == (401, "WrongKey")


def test_another_key_proves_nothing(house, browser, ann, allow):
    with_passkey(house, browser, "ann", ann, allow)
    asked = browser.by_user("ann", ann)
    answer = Authenticator().get(asked["passkey"], browser.origin)
    refused = browser.post("/signin/mfa/passkey", step=asked["step"], answer=answer)
    assert said(refused) == (401, "WrongKey")


def test_at_an_address_there_are_no_passkeys(house, browser, ann, allow):
    with_passkey(house, browser, "ann", ann, allow)
    other = Browser(house, host="127.0.0.1:4599")
    asked = other.by_user("ann", ann)
    assert asked["passkey"] is None
    refused = other.post("/signin/mfa/passkey", step=asked["step"], answer={})
    assert said(refused) == (400, "NoNameForPasskeys")


@pytest.mark.practice("S002-27")
@pytest.mark.practice("S003-18")
def test_any_of_eight_devices_of_mixed_kinds_opens_it(house, browser, ann, allow, phone_of):
    allow("ann", "iam:EnableMFADevice")
    browser.by_user("ann", ann)
    keys = []
    for number in range(4):
        if number:
            step_up_with(browser, keys[0])
        key = Authenticator()
        offer = browser.post("/signin/passkeys")
        browser.post(
            "/signin/passkeys/made",
            ticket=offer["ticket"],
            name=f"key{number}",
            answer=key.create(offer["options"], browser.origin),
        )
        keys.append(key)
    phones = [phone_of("ann", f"phone{number}") for number in range(4)]
    assert len(house.iam.list_mfa_devices(UserName="ann")["MFADevices"]) == 8
    for phone in phones:
        asked = browser.by_user("ann", ann)
        done = browser.post("/signin/mfa", step=asked["step"], code=phone.code())
        assert done["next"] == "done"
        assert house.house.accounts.get(house.account_id)
    for key in keys:
        asked = browser.by_user("ann", ann)
        answer = key.get(asked["passkey"], browser.origin)
        done = browser.post("/signin/mfa/passkey", step=asked["step"], answer=answer)
        assert done["next"] == "done"


def step_up_with(browser, key):
    offer = browser.post("/signin/step-up")
    answer = key.get(offer["passkey"], browser.origin)
    done = browser.post("/signin/step-up/passkey", ticket=offer["ticket"], answer=answer)
    assert done.status == 200, done
