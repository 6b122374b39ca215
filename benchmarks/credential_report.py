"""The credential report of a large account: seconds, and memory on top of the account's own.

    python benchmarks/credential_report.py [USERS]

Every user has two keys that were used, a password, a device, and every other one a certificate.
"""

import resource
import sys
import time
import zlib
from datetime import UTC, datetime, timedelta

from doorward.account.account import Account
from doorward.account.activity import Activity, Use, password_id
from doorward.account.mfa import MfaDevice, MfaKind
from doorward.account.model import (
    AccessKey,
    LoginProfile,
    PasswordPolicy,
    Profile,
    SigningCertificate,
    User,
)
from doorward.services.iam.credential_report_rows import report

ID = "123456789012"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def user(number):
    keys = tuple(AccessKey(f"AKIA{number:010}{slot}", NOW, active=not slot) for slot in (0, 1))
    certificate = SigningCertificate(f"C{number}", "", NOW)
    return User(
        name=f"user-{number:06}",
        path="/team/blue/",
        user_id=f"AIDA{number:012}",
        created=NOW,
        access_keys=keys,
        login_profile=LoginProfile(NOW),
        certificates=(certificate,) if number % 2 else (),
    )


def device(of):
    serial = f"arn:aws:iam::{ID}:mfa/{of.name}"
    return MfaDevice(
        serial=serial, kind=MfaKind.VIRTUAL, device_id=of.name, created=NOW, holder=of.user_id
    )


def account(users):
    profile = Profile(id=ID, email="", created=NOW, password_policy=PasswordPolicy(max_age_days=90))
    return Account.of(ID, [profile, *users, *map(device, users)])


def activity(users):
    use = Use(NOW + timedelta(days=1), "us-east-1", "sts")
    ids = [each for of in users for each in (password_id(of.user_id), *of.ids[1:])]
    return Activity().with_uses((used_id, use) for used_id in ids)


def peak_mib():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(count):
    users = [user(number) for number in range(count)]
    made, used = account(users), activity(users)
    before, started = peak_mib(), time.perf_counter()
    text = report(made, used.last_use)
    packed = zlib.compress(text)
    took = time.perf_counter() - started
    print(
        f"{count:,} users: {took:.2f} s, {peak_mib() - before:.0f} MiB more at the peak "
        f"({peak_mib():.0f} with the account); {len(text) / 2**20:.1f} MiB of CSV, "
        f"{len(packed) / 2**10:.0f} KiB kept"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
