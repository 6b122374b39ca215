import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from doorward.account.account import Account
from doorward.account.caller import Caller
from doorward.account.mfa import FidoKey, MfaDevice, MfaKind
from doorward.account.model import Profile, User
from doorward.account.session import Session, SessionKind
from doorward.errors import AwsError
from doorward.services.call import Call
from doorward.services.iam.mfa_devices import (
    deactivate_mfa_device,
    enable_mfa_device,
    get_mfa_device,
    list_mfa_devices,
    resync_mfa_device,
)
from doorward.services.iam.mfa_fido import add_fido_device, used

A = "111122223333"
NOW = datetime(2026, 9, 11, 10, 0, 0, tzinfo=UTC)
ANN = User(name="ann", user_id="AIDAANN", created=NOW)
BOB = User(name="bob", user_id="AIDABOB", created=NOW)
KEY = FidoKey(credential_id="Y3JlZA", public_key="cHVi", sign_count=1, rp_id="iam.example.com")


class NoSecrets:
    def get(self, _name):
        return None


def of_ann(mfa_at=NOW):
    """The caller in a console session."""
    session = Session(
        access_key_id="ASIA1",
        secret_access_key="s",
        account=A,
        kind=SessionKind.USER,
        entity_arn=f"arn:aws:iam::{A}:user/ann",
        entity_id=ANN.user_id,
        name="ann",
        issued_at=NOW,
        expires_at=NOW,
        mfa_at=mfa_at,
    )
    return Caller.of_session(session)


def a_call(caller=None, *entities):
    counter = iter(range(100))
    return Call(
        service="iam",
        operation="Anything",
        account=Account.of(A, [Profile(id=A, email="e", created=NOW), ANN, BOB, *entities]),
        caller=caller or of_ann(),
        now=NOW,
        region="us-east-1",
        request_id="",
        vault=NoSecrets(),
        desk=None,
        last_use=None,
        random=lambda length: bytes([next(counter)]) * length,
    )


def another(number):
    return replace(KEY, credential_id=f"key{number}")


def refused(code, work, *args, **given):
    with pytest.raises(AwsError) as caught:
        work(*args, **given)
    assert caught.value.code == code
    return caught.value.message


def test_a_key_is_a_device_of_its_user():
    call = a_call()
    device = add_fido_device(call, ANN.user_id, "blue-key", KEY)
    assert re.fullmatch(rf"arn:aws:iam::{A}:u2f/user/ann/blue-key-[A-Z2-7]{{26}}", device.serial)
    assert (device.kind, device.holder, device.enabled) == (MfaKind.FIDO, ANN.user_id, NOW)
    assert call.account.mfa_devices_of(ANN.user_id) == [device]
    (listed,) = list_mfa_devices(call, user_name="ann")["MFADevices"]
    assert listed == {"UserName": "ann", "SerialNumber": device.serial, "EnableDate": NOW}
    assert get_mfa_device(call, serial_number=device.serial) == listed


def test_a_key_of_root():
    call = a_call(Caller.root(A))
    device = add_fido_device(call, A, "safe", KEY)
    assert re.fullmatch(rf"arn:aws:iam::{A}:u2f/root-account/safe-[A-Z2-7]{{26}}", device.serial)
    assert [message.kind for message in call.messages] == ["mail"]


def test_two_keys_of_one_name_have_two_numbers():
    call = a_call()
    first = add_fido_device(call, ANN.user_id, "key", KEY)
    second = add_fido_device(call, BOB.user_id, "key", another(2))
    assert first.serial[-26:] != second.serial[-26:]
    assert first.device_id != second.device_id


def test_a_name_is_taken_whatever_its_case_and_kind():
    phone = MfaDevice(
        serial=f"arn:aws:iam::{A}:mfa/phone",
        kind=MfaKind.VIRTUAL,
        device_id="1",
        created=NOW,
        holder=ANN.user_id,
    )
    call = a_call(of_ann(), phone)
    add_fido_device(call, ANN.user_id, "key", KEY)
    for name in ("key", "KEY", "phone"):
        message = refused(
            "EntityAlreadyExists", add_fido_device, call, ANN.user_id, name, another(2)
        )
        assert message == "MFA device already exists."


def test_one_key_is_one_device_in_the_account():
    call = a_call()
    add_fido_device(call, ANN.user_id, "key", KEY)
    refused("EntityAlreadyExists", add_fido_device, call, BOB.user_id, "other", KEY)


def test_the_ninth_device():
    call = a_call()
    for number in range(8):
        add_fido_device(call, ANN.user_id, f"key{number}", another(number))
    refused("LimitExceeded", add_fido_device, call, ANN.user_id, "key8", another(8))


@pytest.mark.parametrize("name", ["", "a b", "a/b", "x" * 65, "ä", "a:b", "a\n"])
def test_a_name_that_is_none(name):
    refused("ValidationError", add_fido_device, a_call(), ANN.user_id, name, KEY)


def test_nobody_gets_a_key():
    refused("NoSuchEntity", add_fido_device, a_call(), "AIDAGONE", "key", KEY)


def test_who_has_a_device_shows_it_before_adding_another():
    call = a_call(of_ann(mfa_at=None))
    add_fido_device(call, ANN.user_id, "first", KEY)
    refused("AccessDenied", add_fido_device, call, ANN.user_id, "second", another(2))
    call.caller = of_ann()
    add_fido_device(call, ANN.user_id, "second", another(2))


def test_what_a_key_said_is_kept():
    call = a_call()
    device = add_fido_device(call, ANN.user_id, "key", KEY)
    used(call, device, 5, True)
    kept = call.account.mfa_device(device.serial)
    assert (kept.fido.sign_count, kept.fido.backed_up) == (5, True)


@pytest.mark.parametrize("count", [0, 4, 5])
def test_a_counter_that_moved_on_meanwhile(count):
    call = a_call()
    device = add_fido_device(call, ANN.user_id, "key", KEY)
    used(call, device, 5, False)
    refused("AccessDenied", used, call, device, count, False)


def test_a_key_without_a_counter_is_used_again_and_again():
    call = a_call()
    device = add_fido_device(call, ANN.user_id, "key", replace(KEY, sign_count=0))
    for _ in range(2):
        used(call, device, 0, False)


def test_a_key_that_went_meanwhile():
    call = a_call()
    device = add_fido_device(call, ANN.user_id, "key", KEY)
    deactivate_mfa_device(call, serial_number=device.serial)
    refused("NoSuchEntity", used, call, device, 5, False)


def test_a_deactivated_key_is_gone():
    call = a_call()
    device = add_fido_device(call, ANN.user_id, "key", KEY)
    deactivate_mfa_device(call, user_name="ann", serial_number=device.serial)
    assert call.account.mfa_device(device.serial) is None


def test_a_key_shows_no_codes():
    call = a_call()
    device = add_fido_device(call, ANN.user_id, "key", KEY)
    given = {
        "serial_number": device.serial,
        "authentication_code1": "000000",
        "authentication_code2": "111111",
    }
    refused("InvalidAuthenticationCode", resync_mfa_device, call, user_name="ann", **given)
    refused("EntityAlreadyExists", enable_mfa_device, call, user_name="bob", **given)


def test_another_users_key_is_not_shown():
    call = a_call()
    device = add_fido_device(call, ANN.user_id, "key", KEY)
    message = refused(
        "NoSuchEntity", get_mfa_device, call, user_name="bob", serial_number=device.serial
    )
    assert message == "MFA Device invalid for user."
