"""An authenticator app: a device's seed, and the codes it shows at a house's time."""

from dataclasses import dataclass
from datetime import datetime

import pyotp
from tests.house import TestHouse

STEP_S = 30


@dataclass
class Phone:
    """A virtual device whose seed somebody holds; steps are counted from now."""

    house: TestHouse
    serial: str
    seed: str

    @classmethod
    def new(cls, house, name="phone", client=None, **params):
        made = (client or house.iam).create_virtual_mfa_device(VirtualMFADeviceName=name, **params)
        device = made["VirtualMFADevice"]
        return cls(house, device["SerialNumber"], device["Base32StringSeed"].decode())

    @property
    def now(self):
        return int(self.house.clock().timestamp()) // STEP_S

    def code(self, offset=0, *, step=None):
        return pyotp.HOTP(self.seed).at((self.now if step is None else step) + offset)

    def pair(self, offset=0):
        """The code before this offset, and the one at it, as an operation takes them."""
        codes = (self.code(offset - 1), self.code(offset))
        return dict(zip(("AuthenticationCode1", "AuthenticationCode2"), codes, strict=True))

    def enable(self, user, client=None, offset=0):
        (client or self.house.iam).enable_mfa_device(
            UserName=user, SerialNumber=self.serial, **self.pair(offset)
        )
        return self

    def resync(self, user, offset=0):
        self.house.iam.resync_mfa_device(
            UserName=user, SerialNumber=self.serial, **self.pair(offset)
        )

    def session(self, sts, offset=0, *, step=None):
        """The credentials GetSessionToken gives for a code."""
        code = self.code(offset, step=step)
        return sts.get_session_token(SerialNumber=self.serial, TokenCode=code)["Credentials"]


def at_the_start_of_a_step(house):
    """Set the clock so that no step ends while a test runs."""
    now = house.clock().timestamp()
    house.at(datetime.fromtimestamp(now // 180 * 180 + 180, house.clock().tzinfo))
