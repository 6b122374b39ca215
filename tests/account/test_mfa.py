"""What a device is called."""

from datetime import UTC, datetime

import pytest

from doorward.account.account import Account
from doorward.account.mfa import MfaDevice, MfaKind

NOW = datetime(2026, 3, 1, tzinfo=UTC)
ARN = "arn:aws:iam::111122223333:mfa/Phones/One"


@pytest.mark.parametrize(
    ("serial", "resource"), [(ARN, "mfa/Phones/One"), ("GAHT12345678", "GAHT12345678")]
)
def test_the_last_part_of_its_arn(serial, resource):
    device = MfaDevice(serial=serial, kind=MfaKind.VIRTUAL, device_id="1", created=NOW)
    assert device.resource == resource


def test_a_virtual_device_is_numbered_by_its_arn():
    device = MfaDevice(serial=ARN, kind=MfaKind.VIRTUAL, device_id="1", created=NOW)
    account = Account.of("111122223333", [device])
    assert account.arn(device) == ARN
    assert account.mfa_device(ARN.upper()) == device
