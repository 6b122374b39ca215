import csv
import io
from datetime import UTC, datetime, timedelta

import pytest

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
from doorward.services.iam.credential_report_rows import HEADER, report

ACCOUNT = "123456789012"
NOW = datetime(2026, 9, 11, 13, 15, 19, tzinfo=UTC)
OLD = NOW - timedelta(days=400)


def profile(**given):
    usual = {"id": ACCOUNT, "email": "r@x.org", "created": OLD, "root_has_password": False}
    return Profile(**usual | given)


def user(name="ann", **given):
    return User(name=name, user_id=f"AIDA{name.upper()}", created=NOW, **given)


def row_of(*entities, used=(), name="ann"):
    activity = Activity()
    for used_id, use in used:
        activity = activity.noted(used_id, use)
    given = list(entities)
    if not any(isinstance(each, Profile) for each in given):
        given.append(profile())
    text = report(Account.of(ACCOUNT, given), activity.last_use).decode()
    return {row["user"]: row for row in csv.DictReader(io.StringIO(text))}[name]


def columns(row, prefix):
    return [row[name] for name in HEADER if name.startswith(prefix)]


NO_KEY = ["false", "N/A", "N/A", "N/A", "N/A"]
ROOT = "<root_account>"


def test_a_user_with_nothing():
    row = row_of(user(path="/dev/"))
    assert list(row.values()) == [
        "ann",
        f"arn:aws:iam::{ACCOUNT}:user/dev/ann",
        "2026-09-11T13:15:19Z",
        "false",
        "N/A",
        "N/A",
        "N/A",
        "false",
        *NO_KEY,
        *NO_KEY,
        *("false", "N/A"),
        *("false", "N/A"),
    ]


def test_a_root_with_nothing():
    row = row_of(name=ROOT)
    assert row["arn"] == f"arn:aws:iam::{ACCOUNT}:root"
    assert row["user_creation_time"] == "2025-08-07T13:15:19Z"
    assert columns(row, "password") == ["false", "N/A", "N/A", "not_supported"]
    assert row["mfa_active"] == "false"


def test_a_root_with_a_password_and_a_device():
    device = MfaDevice(
        serial=f"arn:aws:iam::{ACCOUNT}:mfa/root",
        kind=MfaKind.VIRTUAL,
        device_id="d",
        created=NOW,
        holder=ACCOUNT,
    )
    key = AccessKey("AKIAROOT", OLD)
    held = profile(root_has_password=True, root_keys=(key,))
    row = row_of(held, device, name=ROOT)
    assert columns(row, "password") == [
        "true",
        "no_information",
        "2025-08-07T13:15:19Z",
        "not_supported",
    ]
    assert row["mfa_active"] == "true"
    assert columns(row, "access_key_1")[:2] == ["true", "2025-08-07T13:15:19Z"]
    changed = profile(root_has_password=True, root_password_changed=NOW)
    used = [(password_id(ACCOUNT), Use(NOW, "us-east-1", "signin"))]
    row = row_of(changed, used=used, name=ROOT)
    assert row["password_last_used"] == row["password_last_changed"] == "2026-09-11T13:15:19Z"


@pytest.mark.parametrize(
    ("policy", "rotation"),
    [
        (None, "N/A"),
        (PasswordPolicy(), "N/A"),
        (PasswordPolicy(max_age_days=90), "2026-12-10T13:15:19Z"),
    ],
)
def test_the_next_rotation_is_the_last_change_and_the_policys_age(policy, rotation):
    login = LoginProfile(OLD, changed=NOW)
    row = row_of(profile(password_policy=policy), user(login_profile=login))
    assert columns(row, "password") == ["true", "no_information", "2026-09-11T13:15:19Z", rotation]


def test_a_password_never_changed_is_as_old_as_the_profile():
    row = row_of(user(login_profile=LoginProfile(OLD, reset_required=True)))
    assert row["password_last_changed"] == "2025-08-07T13:15:19Z"


def test_a_key_and_its_use():
    used = [("AKIA1", Use(NOW, "eu-west-1", "sts"))]
    row = row_of(user(access_keys=(AccessKey("AKIA1", OLD),)), used=used)
    assert columns(row, "access_key_1") == [
        "true",
        "2025-08-07T13:15:19Z",
        "2026-09-11T13:15:19Z",
        "eu-west-1",
        "sts",
    ]
    assert columns(row, "access_key_2") == NO_KEY


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [((0, 14), 0), ((0, 14, 15), 15), ((0, 14, 15, 29), 15), ((0, 40), 40)],
)
def test_of_uses_of_a_key_within_fifteen_minutes_the_first_counts(minutes, shown):
    used = [("AKIA1", Use(NOW + timedelta(minutes=each), "r", "s")) for each in minutes]
    row = row_of(user(access_keys=(AccessKey("AKIA1", OLD),)), used=used)
    expected = NOW + timedelta(minutes=shown)
    assert row["access_key_1_last_used_date"] == f"{expected:%Y-%m-%dT%H:%M:%SZ}"


@pytest.mark.parametrize(("minutes", "shown"), [((0, 4), 0), ((0, 4, 5), 5)])
def test_of_uses_of_a_password_within_five_minutes_the_first_counts(minutes, shown):
    place = password_id("AIDAANN")
    used = [(place, Use(NOW + timedelta(minutes=each), "r", "s")) for each in minutes]
    row = row_of(user(login_profile=LoginProfile(OLD)), used=used)
    expected = NOW + timedelta(minutes=shown)
    assert row["password_last_used"] == f"{expected:%Y-%m-%dT%H:%M:%SZ}"


@pytest.mark.parametrize(
    ("keys", "order"),
    [
        ([("AKIA1", False), ("AKIA2", True)], ["true", "false"]),
        ([("AKIA2", False), ("AKIA1", True)], ["true", "false"]),
    ],
)
def test_the_active_key_comes_first_and_the_other_keeps_its_date(keys, order):
    held = tuple(AccessKey(key_id, OLD, active=active) for key_id, active in keys)
    row = row_of(user(access_keys=held))
    assert [row[f"access_key_{slot}_active"] for slot in (1, 2)] == order
    assert row["access_key_2_last_rotated"] == "2025-08-07T13:15:19Z"


def test_of_keys_alike_the_smaller_id_comes_first():
    held = (AccessKey("AKIA2", NOW), AccessKey("AKIA1", OLD))
    row = row_of(user(access_keys=held))
    assert row["access_key_1_last_rotated"] == "2025-08-07T13:15:19Z"


def test_a_third_key_is_left_out():
    held = tuple(AccessKey(f"AKIA{each}", OLD) for each in range(3))
    assert len(row_of(user(access_keys=held))) == 22


def test_the_inactive_certificate_comes_first():
    held = (
        SigningCertificate("A", "", NOW),
        SigningCertificate("B", "", OLD, active=False),
    )
    row = row_of(user(certificates=held))
    assert columns(row, "cert") == [
        *("false", "2025-08-07T13:15:19Z"),
        *("true", "2026-09-11T13:15:19Z"),
    ]


def test_a_name_that_needs_quotes_gets_them():
    row = row_of(user(name="a,b"), name="a,b")
    assert row["arn"].endswith("user/a,b")
