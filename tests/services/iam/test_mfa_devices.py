import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.house import raises_aws
from tests.root import root_client
from tests.services.iam.phone import Phone, at_the_start_of_a_step

from doorward.account.mfa import MfaDevice
from doorward.app.outbox import opened_post

BAD_CODE = ("InvalidAuthenticationCode", "Authentication code for device is not valid.")
NOT_OF_USER = ("NoSuchEntity", "MFA Device invalid for user.")
MFA_NEEDED = (
    "AccessDenied",
    "To complete this action, please ensure that you are authenticated with an MFA device that is enabled for this user.",  # noqa: E501 - one sentence of AWS's
)


@pytest.fixture
def phone(house):
    """Ann's device to be, and the step the test stays in."""
    at_the_start_of_a_step(house)
    house.iam.create_user(UserName="ann")
    house.iam.create_user(UserName="bob")
    return Phone.new(house)


def kept(house, serial):
    return house.house.accounts.get(house.account_id).account.mfa_device(serial)


def test_a_device_is_enabled_and_listed(house, phone):
    phone.enable("ANN")
    answer = house.iam.list_mfa_devices(UserName="ann")
    (listed,) = answer["MFADevices"]
    assert set(listed) == {"UserName", "SerialNumber", "EnableDate"}
    assert (listed["UserName"], listed["SerialNumber"]) == ("ann", phone.serial)
    assert abs((listed["EnableDate"] - house.clock()).total_seconds()) < 5
    assert answer["IsTruncated"] is False


def test_enabling_answers_nothing(house, phone):
    answer = house.iam.enable_mfa_device(UserName="ann", SerialNumber=phone.serial, **phone.pair())
    assert set(answer) == {"ResponseMetadata"}
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200


@pytest.mark.practice("S003-13")
def test_two_codes_that_do_not_follow_each_other(house, phone):
    old, new = phone.pair().values()
    pairs = [(new, new), (new, old), (old, phone.code(1)), ("000000", new)]
    for first, second in pairs:
        with raises_aws(*BAD_CODE) as caught:
            house.iam.enable_mfa_device(
                UserName="ann",
                SerialNumber=phone.serial,
                AuthenticationCode1=first,
                AuthenticationCode2=second,
            )
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
    phone.enable("ann")


@pytest.mark.parametrize(("offset", "accepted"), [(-998, 1), (1000, 1), (-999, 0), (1001, 0)])
def test_a_clock_may_be_far_off_when_a_device_is_enabled(house, phone, offset, accepted):
    if accepted:
        phone.enable("ann", offset=offset)
        assert kept(house, phone.serial).steps_off == offset
        return
    with raises_aws(*BAD_CODE):
        phone.enable("ann", offset=offset)


@pytest.mark.practice("S000-14")
def test_resync_searches_around_what_was_learnt(phone):
    phone.enable("ann", offset=600)
    for offset in (1200, 1800, 1802):
        phone.resync("ann", offset)
    with raises_aws(*BAD_CODE):
        phone.resync("ann", 0)


def test_resync_does_not_change_when_it_was_enabled(house, phone):
    phone.enable("ann")
    before = house.iam.list_mfa_devices(UserName="ann")
    house.clock.advance(hours=1)
    phone.resync("ann")
    assert house.iam.list_mfa_devices(UserName="ann")["MFADevices"] == before["MFADevices"]


def test_both_codes_are_newer_than_the_last_pair(phone):
    phone.enable("ann", offset=607)
    for offset in (607, 608):
        with raises_aws(*BAD_CODE):
            phone.resync("ann", offset)
    phone.resync("ann", 609)


def test_of_one_pair_sent_many_times_at_once_one_is_taken(house, phone):
    phone.enable("ann")
    codes, client = phone.pair(2), house.iam

    def resync(_number):
        try:
            client.resync_mfa_device(UserName="ann", SerialNumber=phone.serial, **codes)
        except client.exceptions.InvalidAuthenticationCodeException:
            return "refused"
        return "taken"

    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(resync, range(5)))
    assert sorted(answers) == ["refused"] * 4 + ["taken"]


def test_a_device_remembers_its_codes_when_it_changes_hands(house, phone):
    phone.enable("ann", offset=1)
    house.iam.deactivate_mfa_device(UserName="ann", SerialNumber=phone.serial)
    for user in ("ann", "bob"):
        with raises_aws(*BAD_CODE):
            phone.enable(user, offset=1)
    phone.enable("bob", offset=3)
    assert kept(house, phone.serial).steps_off == 3


def test_a_new_device_of_the_same_name_starts_afresh(house, phone):
    phone.enable("ann", offset=900)
    house.iam.deactivate_mfa_device(UserName="ann", SerialNumber=phone.serial)
    house.iam.delete_virtual_mfa_device(SerialNumber=phone.serial)
    again = Phone.new(house)
    assert again.serial == phone.serial
    assert again.seed != phone.seed
    with raises_aws(*BAD_CODE):
        phone.enable("ann")
    again.enable("ann")


def test_a_device_is_enabled_once(phone):
    phone.enable("ann")
    with raises_aws("EntityAlreadyExists", "MFA Device for user ann already exists.") as caught:
        phone.enable("ann", offset=2)
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 409
    with raises_aws("EntityAlreadyExists", "MFA Device is already in use."):
        phone.enable("bob", offset=2)


def test_a_device_or_user_that_is_not_there(house, phone):
    missing = f"arn:aws:iam::{house.account_id}:mfa/none"
    with raises_aws("NoSuchEntity", f"MFA Device with serial number {missing} does not exist."):
        house.iam.enable_mfa_device(UserName="ann", SerialNumber=missing, **phone.pair())
    with raises_aws("NoSuchEntity", "The user with name cy cannot be found."):
        phone.enable("cy")


@pytest.mark.parametrize("whose", ["nobody's", "another's"])
def test_resync_and_deactivation_want_the_users_own_device(house, phone, whose):
    if whose == "another's":
        phone.enable("bob")
    with raises_aws(*NOT_OF_USER) as caught:
        house.iam.resync_mfa_device(UserName="ann", SerialNumber=phone.serial, **phone.pair(2))
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404
    with raises_aws(*NOT_OF_USER):
        house.iam.deactivate_mfa_device(UserName="ann", SerialNumber=phone.serial)


def test_resync_and_deactivation_want_a_device(house, phone):
    said = "MFA Device with serial number GAHT12345678 does not exist."
    with raises_aws("NoSuchEntity", said) as caught:
        house.iam.resync_mfa_device(UserName="ann", SerialNumber="GAHT12345678", **phone.pair())
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404
    with raises_aws("NoSuchEntity", said):
        house.iam.deactivate_mfa_device(UserName="ann", SerialNumber="GAHT12345678")


def test_a_device_is_deactivated_once(house, phone):
    phone.enable("ann")
    house.iam.deactivate_mfa_device(UserName="ann", SerialNumber=phone.serial)
    assert house.iam.list_mfa_devices(UserName="ann")["MFADevices"] == []
    with raises_aws(*NOT_OF_USER):
        house.iam.deactivate_mfa_device(UserName="ann", SerialNumber=phone.serial)


def test_the_ninth_device_is_one_too_many(house, phone):
    for number in range(8):
        Phone.new(house, f"p{number}").enable("ann")
    with raises_aws("LimitExceeded", "Cannot exceed quota for MFADevicesPerUser: 8"):
        phone.enable("ann")
    phone.enable("bob")


def test_a_device_goes_with_its_user_through_a_rename(house, phone):
    phone.enable("ann")
    house.iam.update_user(UserName="ann", NewUserName="anna", NewPath="/x/")
    (listed,) = house.iam.list_mfa_devices(UserName="anna")["MFADevices"]
    assert listed["UserName"] == "anna"
    (virtual,) = house.iam.list_virtual_mfa_devices()["VirtualMFADevices"]
    assert virtual["User"]["Arn"].endswith(":user/x/anna")


def test_a_user_with_a_device_stays(house, phone):
    phone.enable("ann")
    with raises_aws(
        "DeleteConflict", "Cannot delete entity, must remove tokens from principal first."
    ):
        house.iam.delete_user(UserName="ann")
    house.iam.deactivate_mfa_device(UserName="ann", SerialNumber=phone.serial)
    house.iam.delete_user(UserName="ann")


def test_a_user_of_the_same_name_made_later_has_no_devices(house, phone):
    phone.enable("ann")
    house.iam.deactivate_mfa_device(UserName="ann", SerialNumber=phone.serial)
    house.iam.delete_user(UserName="ann")
    house.iam.create_user(UserName="ann")
    assert house.iam.list_mfa_devices(UserName="ann")["MFADevices"] == []


def test_devices_are_listed_page_by_page(house, phone):
    for name in ("b", "a", "c"):
        Phone.new(house, name).enable("ann")
    phone.enable("bob")
    first = house.iam.list_mfa_devices(UserName="ann", MaxItems=2)
    assert first["IsTruncated"]
    rest = house.iam.list_mfa_devices(UserName="ann", Marker=first["Marker"])
    serials = [each["SerialNumber"] for each in first["MFADevices"] + rest["MFADevices"]]
    assert [serial[-1] for serial in serials] == ["a", "b", "c"]


def test_only_security_keys_are_shown_one_by_one(house, phone):
    phone.enable("ann")
    said = (
        "The MFA device serial number sent in the request is invalid or not supported by this API."
        " Currently, only hardware FIDO security keys are supported. Please use the compatible"
        " device or API."
    )
    with raises_aws("ValidationError", said) as caught:
        house.iam.get_mfa_device(UserName="ann", SerialNumber=phone.serial)
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    missing = f"arn:aws:iam::{house.account_id}:u2f/user/ann/key-AAAAAAAAAAAAAAAAAAAAAAAAAA"
    with raises_aws("NoSuchEntity", f"MFA Device with serial number {missing} does not exist."):
        house.iam.get_mfa_device(UserName="ann", SerialNumber=missing)


# --- One's own devices --------------------------------------------------------------------------

ALL = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'


@pytest.fixture
def ann(house, phone):  # noqa: ARG001 - she is made with her phone
    """Ann's client with a long-term key, who may do everything."""
    house.iam.put_user_policy(UserName="ann", PolicyName="all", PolicyDocument=ALL)
    return house.user_client("ann")


def test_a_long_term_key_enrols_the_first_device_alone(house, phone, ann):
    phone.enable("ann", ann)
    second = Phone.new(house, "second")
    with raises_aws(*MFA_NEEDED) as caught:
        second.enable("ann", ann)
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
    with raises_aws(*MFA_NEEDED):
        phone.enable("ann", ann, offset=2)
    for serial in (phone.serial, "GAHT12345678"):
        with raises_aws(*MFA_NEEDED):
            ann.deactivate_mfa_device(UserName="ann", SerialNumber=serial)
        with raises_aws(*MFA_NEEDED):
            ann.deactivate_mfa_device(SerialNumber=serial)


def test_a_long_term_key_resynchronises_and_acts_on_others(house, phone, ann):
    phone.enable("ann", ann)
    ann.resync_mfa_device(UserName="ann", SerialNumber=phone.serial, **phone.pair(2))
    other = Phone.new(house, "other").enable("bob", ann)
    ann.deactivate_mfa_device(UserName="bob", SerialNumber=other.serial)


def test_a_session_with_mfa_changes_its_own_devices(house, phone, ann):
    phone.enable("ann", ann)
    key = house.iam.create_access_key(UserName="ann")["AccessKey"]
    sts = house.client("sts", key["AccessKeyId"], key["SecretAccessKey"])
    proven = house.client_of(phone.session(sts))
    second = Phone.new(house, "second").enable("ann", proven)
    proven.deactivate_mfa_device(SerialNumber=phone.serial)
    proven.deactivate_mfa_device(UserName="ann", SerialNumber=second.serial)
    phone.enable("ann", ann, offset=2)


# --- Root's -------------------------------------------------------------------------------------


@pytest.fixture
def root(house):
    at_the_start_of_a_step(house)
    return root_client(house)


def test_root_names_itself_by_its_account_or_not_at_all(house, root):
    phone = Phone.new(house, "root-account-mfa-device", root)
    assert phone.serial == f"arn:aws:iam::{house.account_id}:mfa/root-account-mfa-device"
    phone.enable(house.account_id, root)
    for whose in ({}, {"UserName": house.account_id}):
        (listed,) = root.list_mfa_devices(**whose)["MFADevices"]
        assert listed["SerialNumber"] == phone.serial
    (virtual,) = house.iam.list_virtual_mfa_devices(AssignmentStatus="Assigned")[
        "VirtualMFADevices"
    ]
    assert virtual["User"]["Arn"] == f"arn:aws:iam::{house.account_id}:root"
    assert "UserName" not in virtual["User"]


def test_roots_device_is_recorded_and_told_of(house, root):
    phone = Phone.new(house, "root-account-mfa-device").enable(house.account_id, root)
    (enabled,) = [row for row in house.records() if row.event_name == "EnableMFADevice"]
    assert json.loads(enabled.body)["requestParameters"] == {
        "userName": "AWS ROOT USER",
        "serialNumber": phone.serial,
    }
    proven = house.client_of(phone.session(root_client(house, "sts", number=1)))
    proven.deactivate_mfa_device(SerialNumber=phone.serial)
    subjects = [mail["subject"] for mail in mails(house)]
    assert len(subjects) == 2
    assert "added" in subjects[0]
    assert "removed" in subjects[1]


def mails(house):
    """The mails that wait to be sent, in their order."""
    posts = house.house.store.take_posts(10**15, 0, 100)
    return [opened_post(house.house.sealer, post) for post in posts if post.kind == "mail"]


def test_root_with_a_device_is_held_to_it(house, root):
    phone = Phone.new(house, "root-account-mfa-device").enable(house.account_id, root)
    with raises_aws(*MFA_NEEDED):
        root.deactivate_mfa_device(SerialNumber=phone.serial)
    sts = root_client(house, "sts", number=1)
    proven = house.client_of(phone.session(sts))
    proven.deactivate_mfa_device(SerialNumber=phone.serial)
    assert proven.list_mfa_devices()["MFADevices"] == []


def test_nobody_else_reaches_roots_device(house, root):
    phone = Phone.new(house, "root-account-mfa-device").enable(house.account_id, root)
    for name in (house.account_id, "root"):
        with raises_aws("NoSuchEntity"):
            house.iam.deactivate_mfa_device(UserName=name, SerialNumber=phone.serial)
    with raises_aws(*NOT_OF_USER):
        house.iam.deactivate_mfa_device(SerialNumber=phone.serial)
    with raises_aws("DeleteConflict"):
        house.iam.delete_virtual_mfa_device(SerialNumber=phone.serial)


def test_root_acts_on_users_by_their_names(phone, root):
    phone.enable("ann", root)
    assert root.list_mfa_devices(UserName="ann")["MFADevices"]
    root.deactivate_mfa_device(UserName="ann", SerialNumber=phone.serial)


# --- What is kept and what is told ----------------------------------------------------------------


def test_a_device_has_an_id_that_is_never_used_again(house, phone):
    first = kept(house, phone.serial).device_id
    house.iam.delete_virtual_mfa_device(SerialNumber=phone.serial)
    Phone.new(house)
    assert kept(house, phone.serial).device_id != first
    seeds = [name for name in house.house.accounts.get(house.account_id).secrets if "mfa" in name]
    assert seeds == [f"mfa-seed/{kept(house, phone.serial).device_id}"]


def test_records_hold_neither_seed_nor_codes(house, phone):
    phone.enable("ann")
    phone.resync("ann", 2)
    told = b"".join(row.body for row in house.records())
    assert phone.serial.encode() in told
    secrets = [phone.seed, *phone.pair().values(), *phone.pair(2).values()]
    assert not any(secret.encode() in told for secret in secrets)
    names = {row.event_name for row in house.records()}
    assert {"CreateVirtualMFADevice", "EnableMFADevice", "ResyncMFADevice"} <= names


def test_the_account_counts_no_device_twice(house, phone):
    phone.enable("ann")
    account = house.house.accounts.get(house.account_id).account
    assert [device.serial for device in account.all(MfaDevice)] == [phone.serial]
