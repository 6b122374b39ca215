"""What AWS was recorded answering to MFA codes, row by row."""

import asyncio
from itertools import permutations

import pytest
from tests.house import raises_aws
from tests.root import root_client
from tests.services.iam.phone import Phone, at_the_start_of_a_step

from doorward.app.failures import Try
from doorward.services.iam.passwords import credential_of

WRONG = (
    "AccessDenied",
    "MultiFactorAuthentication failed with invalid MFA one time pass code. ",
)
UNABLE = (
    "AccessDenied",
    "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.",  # noqa: E501 - AWS's sentences
)
BUDGET = 9


@pytest.fixture
def phone(house, ann):  # noqa: ARG001 - the device of a user who is there
    at_the_start_of_a_step(house)
    return Phone.new(house).enable("ann")


def refused(phone, sts, code, said=WRONG):
    with raises_aws(*said) as caught:
        sts.get_session_token(SerialNumber=phone.serial, TokenCode=code)
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


def a_wrong_code(phone):
    right = {phone.code(offset) for offset in range(-3, 4)}
    return next(
        code for code in ("000000", "111111", *map(str, range(10**5, 10**6))) if code not in right
    )


@pytest.mark.parametrize("offset", [-2, -1, 0, 1, 2])
def test_codes_two_steps_around_now_are_accepted(phone, ann, offset):
    assert phone.session(ann, offset)


@pytest.mark.parametrize("offset", [-10, -3, 3, 10])
def test_codes_further_away_are_not(phone, ann, offset):
    refused(phone, ann, phone.code(offset))


@pytest.mark.parametrize("learnt", [-900, 600])
@pytest.mark.parametrize(("offset", "accepted"), [(-3, 0), (-2, 1), (2, 1), (3, 0)])
def test_the_window_is_around_what_enabling_learnt(house, ann, learnt, offset, accepted):
    at_the_start_of_a_step(house)
    phone = Phone.new(house).enable("ann", offset=learnt)
    if accepted:
        assert phone.session(ann, learnt + offset)
    else:
        refused(phone, ann, phone.code(learnt + offset))


@pytest.mark.parametrize(("first", "then"), [(2, -2), (-2, 2)])
def test_a_use_does_not_move_the_window(phone, ann, first, then):
    phone.session(ann, first)
    phone.session(ann, then)


@pytest.mark.parametrize("order", [(2, 1, 0), (0, -1, 1), (-2, 0, -1, 1)])
def test_codes_may_come_in_any_order_and_each_once(phone, ann, order):
    for offset in order:
        phone.session(ann, offset)
    for offset in order[:2]:
        refused(phone, ann, phone.code(offset))


def test_a_code_that_was_used_stays_used(house, phone, ann):
    step = phone.now
    for used in (step, step + 2, step + 1):
        phone.session(ann, step=used)
    house.clock.advance(seconds=60)
    refused(phone, ann, phone.code(step=step))


def test_enabling_uses_no_codes_up(house, phone, ann):
    pair = phone.now - 1, phone.now
    house.clock.advance(seconds=20)
    for step in (pair[1], pair[0], pair[1] + 1):
        phone.session(ann, step=step)


def test_using_codes_leaves_them_to_resync(house, phone, ann):
    step = phone.now
    phone.session(ann, 2)
    phone.resync("ann", 3)
    refused(phone, ann, phone.code(step=step + 2))
    phone.session(ann, step=step + 3)
    assert house.iam.list_mfa_devices(UserName="ann")["MFADevices"]


def test_a_clock_that_goes_back_brings_no_used_code_back(house, ann):
    at_the_start_of_a_step(house)
    phone = Phone.new(house).enable("ann", offset=600)
    used = phone.now + 603
    house.clock.advance(seconds=30)
    phone.session(ann, step=used)
    house.run(asyncio.to_thread(house.house.failures.prune, house.clock()))
    house.clock.advance(seconds=601 * 30)
    house.run(asyncio.to_thread(house.house.failures.prune, house.clock()))
    assert phone.now == used - 1
    phone.resync("ann", 0)
    refused(phone, ann, phone.code(step=used))
    phone.session(ann, step=used + 1)


def test_each_device_has_its_own_codes(house, phone, ann):
    other = Phone.new(house, "other").enable("ann")
    refused(phone, ann, other.code())
    other.session(ann)
    phone.session(ann)


def test_a_new_device_of_the_name_has_used_no_codes(house, phone, ann):
    phone.session(ann)
    house.iam.deactivate_mfa_device(UserName="ann", SerialNumber=phone.serial)
    house.iam.delete_virtual_mfa_device(SerialNumber=phone.serial)
    again = Phone.new(house).enable("ann")
    again.session(ann)
    refused(phone, ann, again.code())


@pytest.mark.parametrize("whose", ["not there", "unassigned", "another's", "a token's"])
def test_a_device_that_is_not_the_callers(house, phone, ann, whose):
    house.iam.create_user(UserName="bob")
    serials = {
        "not there": f"arn:aws:iam::{house.account_id}:mfa/none",
        "unassigned": Phone.new(house, "spare").serial,
        "another's": Phone.new(house, "bobs").enable("bob").serial,
        "a token's": "GAHT12345678",
    }
    refused(Phone(house, serials[whose], phone.seed), ann, phone.code(), UNABLE)


def test_a_device_taken_away_opens_nothing_and_closes_nothing(house, phone, ann):
    session = phone.session(ann)
    house.iam.deactivate_mfa_device(UserName="ann", SerialNumber=phone.serial)
    refused(phone, ann, phone.code(1), UNABLE)
    arn = house.client_of(session, "sts").get_caller_identity()["Arn"]
    assert arn == f"arn:aws:iam::{house.account_id}:user/ann"


def test_a_role_has_no_device(house, phone, roles):
    roles.make("deploy")
    with raises_aws(*UNABLE):
        roles.assume(
            "deploy", roles.client("deploy"), SerialNumber=phone.serial, TokenCode=phone.code()
        )
    assert house.sts.get_caller_identity()


# --- How many tries -------------------------------------------------------------------------------


def spend(phone, sts, good, bad):
    """So many tries with codes that pass, then so many with one that does not."""
    for offset in range(good):
        phone.session(sts, offset - 2)
    wrong = a_wrong_code(phone)
    for _ in range(bad):
        refused(phone, sts, wrong)


@pytest.mark.parametrize(("good", "bad"), [(1, 7), (3, 5), (0, 8), (4, 4)])
def test_the_ninth_try_is_heard(phone, ann, good, bad):
    spend(phone, ann, good, bad)
    phone.session(ann, 2)


@pytest.mark.parametrize(("good", "bad"), [(1, 8), (3, 6), (0, 9)])
def test_the_tenth_is_not_whatever_the_code(phone, ann, good, bad):
    spend(phone, ann, good, bad)
    refused(phone, ann, phone.code(2), UNABLE)
    refused(phone, ann, a_wrong_code(phone), UNABLE)


def test_a_repeated_code_is_a_try(phone, ann):
    phone.session(ann)
    for _ in range(BUDGET - 1):
        refused(phone, ann, phone.code())
    refused(phone, ann, phone.code(1), UNABLE)


@pytest.mark.parametrize(
    ("spent_at", "later", "heard"),
    [(0, 75, False), (0, 120, False), (0, 179, False), (0, 181, True), (170, 11, True)],
)
def test_tries_are_counted_by_three_minutes_of_utc(house, phone, ann, spent_at, later, heard):
    house.clock.advance(seconds=spent_at)
    spend(phone, ann, 0, BUDGET)
    house.clock.advance(seconds=later)
    if heard:
        phone.session(ann)
    else:
        refused(phone, ann, phone.code(), UNABLE)


def test_nothing_is_left_of_it_in_the_next_three_minutes(house, phone, ann):
    for _ in range(3):
        spend(phone, ann, 0, BUDGET)
        refused(phone, ann, phone.code(), UNABLE)
        house.clock.advance(minutes=3)
    spend(phone, ann, 2, BUDGET - 3)
    phone.session(ann, 1)


def test_a_code_that_was_not_heard_is_not_used_up(house, phone, ann):
    house.clock.advance(seconds=170)
    spend(phone, ann, 0, BUDGET)
    code = phone.code()
    refused(phone, ann, code, UNABLE)
    house.clock.advance(seconds=11)
    assert ann.get_session_token(SerialNumber=phone.serial, TokenCode=code)


def test_another_device_of_the_user_is_still_heard(house, phone, ann):
    other = Phone.new(house, "other").enable("ann")
    spend(phone, ann, 0, BUDGET)
    refused(phone, ann, phone.code(), UNABLE)
    other.session(ann)


def test_a_new_device_of_the_name_has_no_new_tries(house, phone, ann):
    spend(phone, ann, 0, BUDGET)
    house.iam.deactivate_mfa_device(UserName="ann", SerialNumber=phone.serial)
    house.iam.delete_virtual_mfa_device(SerialNumber=phone.serial)
    again = Phone.new(house).enable("ann")
    house.clock.advance(seconds=20)
    refused(again, ann, again.code(), UNABLE)
    house.clock.advance(seconds=160)
    again.session(ann)


def test_enabling_and_resync_are_neither_counted_nor_blocked(house, phone, ann):
    for _ in range(BUDGET + 1):
        with raises_aws("InvalidAuthenticationCode"):
            phone.resync("ann")
    phone.session(ann)
    spend(phone, ann, 0, BUDGET - 1)
    refused(phone, ann, phone.code(1), UNABLE)
    phone.resync("ann", 3)
    house.iam.deactivate_mfa_device(UserName="ann", SerialNumber=phone.serial)
    phone.enable("ann", offset=6)


def test_somebody_elses_tries_take_none_of_mine(house, phone, ann):
    house.iam.create_user(UserName="bob")
    bob = house.user_client("bob", "sts")
    for _ in range(BUDGET + 1):
        refused(phone, bob, a_wrong_code(phone), UNABLE)
    phone.session(ann)


# --- What a session then carries ------------------------------------------------------------------


def test_a_session_with_mfa_may_call_iam_and_its_records_say_so(house, phone, ann):
    house.iam.attach_user_policy(
        UserName="ann", PolicyArn="arn:aws:iam::aws:policy/IAMReadOnlyAccess"
    )
    house.client_of(phone.session(ann)).list_users()
    events = [row.body.decode() for row in house.records() if row.event_name == "ListUsers"]
    assert '"mfaAuthenticated":"true"' in events[0]
    opened = [row.body.decode() for row in house.records() if row.event_name == "GetSessionToken"]
    assert phone.serial in opened[0]
    assert phone.code() not in opened[0]


def test_root_may_have_a_session_with_mfa(house):
    at_the_start_of_a_step(house)
    root = root_client(house)
    phone = Phone.new(house, "root-account-mfa-device", root).enable(house.account_id, root)
    session = phone.session(root_client(house, "sts", number=1))
    assert house.client_of(session).list_users()


@pytest.mark.parametrize("order", list(permutations(("SerialNumber", "TokenCode"), 1)))
def test_half_of_it_is_no_proof(phone, ann, order):
    given = {"SerialNumber": phone.serial, "TokenCode": phone.code()}
    said = "must provide both MFA serial number and one time pass code"
    with raises_aws("ValidationError", said):
        ann.get_session_token(**{name: given[name] for name in order})


def wait_s(house, credential):
    """How long whoever signs in from here with this name has to wait now."""
    return house.run(house.house.failures.take(Try(credential, "127.0.0.1"), house.clock()))


def test_wrong_codes_count_where_their_holder_signs_in(house, phone, ann):
    spend(phone, ann, 0, BUDGET)
    assert wait_s(house, credential_of(house.account_id, "ann")) > 0


def test_roots_wrong_codes_count_by_its_address(house):
    at_the_start_of_a_step(house)
    root = root_client(house, "sts")
    phone = Phone.new(house, "root-account-mfa-device")
    phone.enable(house.account_id, root_client(house, number=1))
    spend(phone, root, 0, BUDGET)
    assert wait_s(house, house.house.root_email.lower()) > 0
