import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from doorward.account.mfa import FidoKey, MfaDevice, MfaKind
from doorward.account.model import LoginProfile, ServiceCredential, SigningCertificate, SshKey
from doorward.app.bootstrap import first_start
from doorward.app.live import read_live
from doorward.app.outbox import opened_post
from doorward.app.seed import read_seed
from doorward.app.upkeep import Order, done
from doorward.app.vault import AccountVault
from doorward.authn.passwords import matches
from doorward.errors import AwsError
from doorward.services.iam.passwords import password_place
from doorward.store.memory import MemoryStore
from doorward.store.sealed import MasterKeys, Sealer

NOW = datetime(2026, 1, 31, 12, 0, 0, 500_000, tzinfo=UTC)
SEALER = Sealer(MasterKeys.fresh())
SEED = """
account: {id: "111122223333"}
users: [{name: ann, access_keys: [{id: AKIAONE, secret: s}, {id: AKIATWO, secret: s}]}]
roles:
- name: deploy
  trust:
    Version: 2012-10-17
    Statement: {Effect: Allow, Principal: {AWS: "111122223333"}, Action: sts:AssumeRole}
"""


@pytest.fixture
def live():
    store = MemoryStore()
    first_start(store, SEALER, read_seed(SEED), None, NOW - timedelta(days=1))
    return read_live("111122223333", *store.read("111122223333"))


def do(live, deed, name=""):
    return done(Order(deed, name, "ops"), live, SEALER, NOW)


def test_recover_gives_admin_a_key_that_works(live):
    written = do(live, "recover-admin")
    pair = written.answer["admin"]
    admin = written.live.account.user("admin")
    assert pair["access_key_id"] in [key.id for key in admin.access_keys if key.active]
    secret = AccountVault(written.live, SEALER).get(f"access-key/{pair['access_key_id']}")
    assert secret.decode() == pair["secret_access_key"]


def test_with_two_keys_the_oldest_goes(live):
    first = live.account.user("admin").access_keys[0].id
    once = do(live, "recover-admin").live
    twice = do(once, "recover-admin")
    assert f"deleted the access key {first}" in twice.answer["done"]
    assert len(twice.live.account.user("admin").access_keys) == 2
    assert f"access-key/{first}" not in twice.live.secrets


def test_recover_makes_anew_what_was_deleted(live):
    account = live.account
    bare = replace(
        live, account=account.drop(account.user("admin")).drop(account.group("administrators"))
    )
    written = do(bare, "recover-admin")
    assert written.live.account.user("admin").groups == ("Administrators",)
    assert len(written.answer["done"]) == 5


def test_recover_gives_root_a_new_password(live):
    written = do(live, "recover-root")
    kept = AccountVault(written.live, SEALER).get(password_place(live.account.id))
    assert matches(kept, written.answer["root_password"])
    assert written.live.account.profile.root_password_changed == NOW


def with_everything(live):
    """Ann with one of each kind of credential, one of them switched off already."""
    user = live.account.user("ann")
    ann = replace(
        user,
        login_profile=LoginProfile(NOW),
        ssh_keys=(SshKey("APKA1", "", "", NOW), SshKey("APKA2", "", "", NOW, active=False)),
        certificates=(SigningCertificate("CERT1", "", NOW),),
        service_credentials=(ServiceCredential("ACCA1", "", NOW, ""),),
    )
    account = live.account.put(ann)
    for kind in (MfaKind.VIRTUAL, MfaKind.FIDO):
        account = account.put(
            MfaDevice(
                serial=f"arn:{kind}",
                kind=kind,
                device_id=kind,
                created=NOW,
                holder=user.user_id,
                enabled=NOW,
            )
        )
    return replace(live.with_secret(password_place(user.user_id), b"x"), account=account)


@pytest.mark.practice("S002-40")
def test_offboard_closes_every_door_and_says_which(live):
    user = live.account.user("ann")
    written = do(with_everything(live), "offboard", "ANN")
    account = written.live.account
    ann = account.user("ann")
    held = (*ann.access_keys, *ann.ssh_keys, *ann.certificates, *ann.service_credentials)
    assert len(held) == 6
    assert not any(each.active for each in held)
    assert ann.login_profile is None
    assert password_place(user.user_id) not in written.live.secrets
    assert ann.revoked_before == NOW
    assert account.mfa_devices_of(user.user_id) == []
    assert account.mfa_device("arn:virtual").enabled is None
    assert account.mfa_device("arn:fido") is None
    assert written.answer["done"] == [
        "deactivated the access key AKIAONE",
        "deactivated the access key AKIATWO",
        "deactivated the SSH key APKA1",
        "deactivated the signing certificate CERT1",
        "deactivated the service credential ACCA1",
        "deactivated the MFA device arn:fido",
        "deactivated the MFA device arn:virtual",
        "deleted the login profile",
        "ended all sessions",
    ]
    again = do(written.live, "offboard", "ann")
    assert again.answer["done"] == ["ended all sessions"]


@pytest.mark.practice("S004-09")
def test_revoked_sessions_leave_the_policy_aws_would(live):
    written = do(live, "revoke-sessions", "deploy")
    role = written.live.account.role("deploy")
    assert role.revoked_before == NOW
    policy = json.loads(dict(role.inline)["AWSRevokeOlderSessions"])
    statement = policy["Statement"][0]
    assert statement["Effect"] == "Deny"
    assert statement["Condition"] == {
        "DateLessThan": {"aws:TokenIssueTime": "2026-01-31T12:00:00Z"}
    }


def test_every_deed_is_recorded_without_a_secret(live):
    for deed, name in (
        ("recover-admin", ""),
        ("recover-root", ""),
        ("offboard", "ann"),
        ("revoke-sessions", "deploy"),
    ):
        written = do(live, deed, name)
        (row,) = written.records
        event = json.loads(row.body)
        assert row.account == event["recipientAccountId"] == "111122223333"
        assert row.event_name == event["eventName"]
        assert event["additionalEventData"]["operatingSystemUser"] == "ops"
        assert event["userIdentity"] == {"type": "AWSService", "invokedBy": "doorward"}
        assert not row.read_only
        secrets = [
            written.answer.get("root_password"),
            written.answer.get("admin", {}).get("secret_access_key"),
        ]
        assert not any(secret and secret.encode() in row.body for secret in secrets)
        assert row.resources == (
            ((f"AWS::IAM::{'User' if name == 'ann' else 'Role'}", name),) if name else ()
        )


@pytest.mark.parametrize("deed", ["offboard", "revoke-sessions"])
def test_what_is_refused_changes_nothing(live, deed):
    written = do(live, deed, "nobody")
    assert isinstance(written.answer, AwsError)
    assert written.live is live
    assert written.records == ()


def a_device(serial, kind=MfaKind.VIRTUAL, holder="111122223333"):
    fido = FidoKey(credential_id="c", public_key="k") if kind is MfaKind.FIDO else None
    return MfaDevice(
        serial=serial,
        kind=kind,
        device_id=serial,
        created=NOW,
        holder=holder,
        enabled=NOW,
        steps_off=2,
        fido=fido,
    )


def test_root_without_its_devices_signs_in_with_its_password_alone(live):
    account = live.account
    for device in (
        a_device("arn:aws:iam::111122223333:mfa/phone"),
        a_device("arn:aws:iam::111122223333:u2f/root/key", MfaKind.FIDO),
        a_device("arn:aws:iam::111122223333:mfa/anns", holder="AIDAANN"),
    ):
        account = account.put(device)
    written = do(replace(live, account=account), "reset-root-mfa")
    after = written.live.account
    assert after.mfa_devices_of("111122223333") == []
    phone = after.mfa_device("arn:aws:iam::111122223333:mfa/phone")
    assert (phone.holder, phone.enabled, phone.steps_off) == (None, None, 2)
    assert after.mfa_device("arn:aws:iam::111122223333:u2f/root/key") is None
    assert after.mfa_device("arn:aws:iam::111122223333:mfa/anns").holder == "AIDAANN"
    assert len(written.answer["done"]) == 2
    (record,) = written.records
    assert record.event_name == "ResetRootMFA"
    subjects = [opened_post(SEALER, post)["subject"] for post in written.posts]
    assert subjects == ["Doorward: MFA removed from root"] * 2


def test_nothing_to_reset_is_said(live):
    written = do(live, "reset-root-mfa")
    assert written.answer["done"] == ["root had no MFA device"]
    assert written.posts == []


def test_root_is_told_of_a_new_password_and_never_what_it_is(live):
    written = do(live, "recover-root")
    (post,) = written.posts
    mail = opened_post(SEALER, post)
    assert mail["to"] == live.account.profile.email
    assert mail["subject"] == "Doorward: New password for root"
    assert written.answer["root_password"] not in str(mail)


def test_a_new_root_password_ends_the_sessions_of_the_old_one(live):
    assert do(live, "recover-root").live.account.profile.root_revoked_before == NOW
