import base64
import gc
import json
import weakref
from dataclasses import replace

import pytest
from tests.app.asking import Keys, admin_of, change, code_of, events, new_key, signed
from tests.house import TestHouse

from doorward.account.model import AccessKey
from doorward.app.vault import AccountVault
from doorward.app.writer import Written

WHO = "GetCallerIdentity"


def ask(house, keys):
    """The code the caller gets, and the reason the trail keeps."""
    answer = house.answer(signed(keys, "sts", WHO))
    if answer.status == 200:
        return "", ""
    details = events(house)[0].get("additionalEventData") or {}
    return code_of(answer), details.get("Reason", "")


def is_refused(house, keys, reason, code="InvalidClientTokenId"):
    assert ask(house, keys) == (code, reason)


def is_served(house, keys):
    assert ask(house, keys) == ("", "")


@pytest.fixture
def ann(house):
    return new_key(house, "ann")


@pytest.fixture
def session(house, ann):
    """A session of ann's."""
    client = house.client("sts", ann.key_id, ann.secret)
    return Keys.of(client.get_session_token()["Credentials"])


@pytest.fixture
def root(house):
    """Root with an access key, as a seed may give it one."""

    def job(live):
        vault = AccountVault(live, house.house.sealer)
        vault.put("access-key/AKIAROOT", b"s" * 40)
        profile = replace(live.account.profile, root_keys=(AccessKey("AKIAROOT", house.clock()),))
        return Written(replace(vault.live, account=live.account.put(profile)), None, ())

    house.run(house.house.writer.write(house.account_id, job))
    return Keys("AKIAROOT", "s" * 40)


@pytest.fixture
def root_session(house, root):
    client = house.client("sts", root.key_id, root.secret)
    return Keys.of(client.get_session_token()["Credentials"])


@pytest.fixture
def role_session(house):
    trust = (
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",'
        f'"Principal":{{"AWS":"{house.account_id}"}}}}]}}'
    )
    house.iam.create_role(RoleName="nightly", AssumeRolePolicyDocument=trust)
    arn = f"arn:aws:iam::{house.account_id}:role/nightly"
    return Keys.of(house.sts.assume_role(RoleArn=arn, RoleSessionName="run")["Credentials"])


@pytest.mark.parametrize("keys", ["ann", "session", "role_session", "root", "root_session"])
def test_who_holds_a_key_is_served(house, request, keys):
    is_served(house, request.getfixturevalue(keys))


@pytest.mark.parametrize("key_id", ["AKIAIOSFODNN7EXAMPLE", "A", "AKIA" + "A" * 124])
def test_a_key_nobody_has(house, key_id):
    is_refused(house, Keys(key_id, "s" * 40), "no such access key")


@pytest.mark.parametrize("keys", ["ann", "session", "role_session"])
def test_the_wrong_secret(house, request, keys):
    wrong = replace(request.getfixturevalue(keys), secret="s" * 40)
    is_refused(house, wrong, "the signature is wrong", "SignatureDoesNotMatch")


def test_an_unknown_key_is_refused_as_such_even_if_nothing_else_is_right(house):
    """It must cost what a wrong signature costs, and be told from it only by AWS's own code."""
    house.clock.advance(days=400)
    is_refused(house, Keys("AKIAIOSFODNN7EXAMPLE", "x"), "no such access key")


def test_a_deactivated_key_stops_at_once_and_its_sessions_go_on(house, ann, session):
    is_served(house, ann)
    house.iam.update_access_key(UserName="ann", AccessKeyId=ann.key_id, Status="Inactive")
    is_refused(house, ann, "the access key is inactive")
    is_served(house, session)
    house.iam.update_access_key(UserName="ann", AccessKeyId=ann.key_id, Status="Active")
    is_served(house, ann)


def test_a_deleted_key_stops_at_once_and_its_sessions_go_on(house, ann, session):
    is_served(house, ann)
    house.iam.delete_access_key(UserName="ann", AccessKeyId=ann.key_id)
    is_refused(house, ann, "no such access key")
    is_served(house, session)
    identity = house.house.pipeline.identity
    assert ann.key_id not in identity._held
    assert ann.key_id not in {scope[0] for scope in identity._keys._keys}


def test_a_deleted_user_ends_keys_and_sessions(house, ann, session):
    house.iam.delete_access_key(UserName="ann", AccessKeyId=ann.key_id)
    house.iam.delete_user(UserName="ann")
    is_refused(house, ann, "no such access key")
    is_refused(house, session, "the session was revoked")


def test_a_user_made_again_is_somebody_else(house, ann, session):
    house.iam.delete_access_key(UserName="ann", AccessKeyId=ann.key_id)
    house.iam.delete_user(UserName="ann")
    again = new_key(house, "ann")
    is_served(house, again)
    is_refused(house, ann, "no such access key")
    is_refused(house, session, "the session was revoked")


def test_a_role_made_again_does_not_take_over_the_sessions(house, role_session):
    trust = house.iam.get_role(RoleName="nightly")["Role"]["AssumeRolePolicyDocument"]
    house.iam.delete_role(RoleName="nightly")
    is_refused(house, role_session, "the session was revoked")
    house.iam.create_role(RoleName="nightly", AssumeRolePolicyDocument=json.dumps(trust))
    is_refused(house, role_session, "the session was revoked")


def test_a_floor_under_a_user_ends_its_sessions_and_no_keys(house, ann, session):
    change(house, lambda account: [replace(account.user("ann"), revoked_before=house.clock())])
    is_refused(house, session, "the session was revoked")
    is_served(house, ann)
    # A token tells its second; one of the floor's own second counts as older.
    house.clock.advance(seconds=1)
    client = house.client("sts", ann.key_id, ann.secret)
    is_served(house, Keys.of(client.get_session_token()["Credentials"]))


def test_a_floor_under_a_role_ends_its_sessions(house, role_session):
    is_served(house, role_session)
    change(house, lambda account: [replace(account.role("nightly"), revoked_before=house.clock())])
    is_refused(house, role_session, "the session was revoked")


def test_a_floor_under_the_account_ends_all_sessions(house, session, role_session, root_session):
    change(house, lambda account: [replace(account.profile, revoked_before=house.clock())])
    is_refused(house, session, "the session was revoked")
    is_refused(house, role_session, "the session was revoked")
    is_refused(house, root_session, "the session was revoked")
    is_served(house, admin_of(house))


@pytest.mark.parametrize(("hours", "served"), [(11.9, True), (12.1, False)])
def test_an_expired_session(house, session, hours, served):
    is_served(house, session)
    house.clock.advance(hours=hours)
    code = "" if served else "ExpiredToken"
    assert ask(house, session)[0] == code


def test_an_expired_session_with_a_wrong_secret_learns_nothing(house, session):
    house.clock.advance(hours=13)
    wrong = replace(session, secret="s" * 40)
    is_refused(house, wrong, "the signature is wrong", "SignatureDoesNotMatch")


@pytest.fixture
def stranger():
    """A house of its own."""
    house = TestHouse()
    yield house
    house.close()


def test_a_token_of_another_house(stranger, session):
    is_refused(stranger, session, "the session token is not one of ours")


@pytest.mark.parametrize("token", ["", "AAAA", "not base64", "A" * 20_000])
def test_a_token_that_is_none(house, session, token):
    code, _ = ask(house, replace(session, token=token or None))
    assert code in {"InvalidClientTokenId", "HeadersTooLarge", "RequestHeaderSectionTooLarge"}


def test_every_changed_byte_of_a_token_is_noticed(house, session):
    raw = base64.b64decode(session.token)
    for at in range(0, len(raw), 16):
        changed = raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
        text = base64.b64encode(changed).decode()
        is_refused(house, replace(session, token=text), "the session token is not one of ours")


def test_a_temporary_key_without_its_token(house, session):
    is_refused(house, replace(session, token=None), "a temporary key came without its token")


def test_a_long_term_key_with_the_token_of_a_session(house, ann, session):
    is_refused(house, replace(ann, token=session.token), "the session token is another key's")


def test_a_session_with_the_token_of_another(house, session, role_session):
    is_served(house, role_session)
    is_served(house, session)
    mixed = replace(session, token=role_session.token)
    is_refused(house, mixed, "the session token is another key's")


def test_a_key_without_its_secret_in_the_vault(house):
    """Half an import: the key is on the user, its secret nowhere."""
    change(
        house,
        lambda account: [
            replace(
                account.user("admin"),
                access_keys=(
                    *account.user("admin").access_keys,
                    AccessKey("AKIAHALF", house.clock()),
                ),
            )
        ],
    )
    is_refused(house, Keys("AKIAHALF", "s" * 40), "the access key has no secret")


@pytest.mark.parametrize("entity_id", ["user_id", "account"])
def test_the_id_of_what_is_no_key(house, entity_id):
    user = house.house.accounts.get(house.account_id).account.user("admin")
    named = user.user_id if entity_id == "user_id" else house.account_id
    code, _ = ask(house, Keys(named, "s" * 40))
    assert code == "InvalidClientTokenId"


def test_more_keys_than_are_remembered_are_all_served(stranger, monkeypatch):
    house = stranger
    monkeypatch.setattr("doorward.app.identify.KEYS_REMEMBERED", 2)
    keys = [new_key(house, f"user{n}") for n in range(4)]
    sessions = [
        Keys.of(house.client("sts", each.key_id, each.secret).get_session_token()["Credentials"])
        for each in keys
    ]
    for each in [*keys, *sessions, *keys, *sessions]:
        is_served(house, each)
    assert len(house.house.pipeline.identity._held) == 2
    assert len(house.house.pipeline.identity._sessions) == 2


def test_a_remembered_key_keeps_no_old_account_alive(house):
    seen = []
    for number in range(4):
        key = new_key(house, f"user{number}")
        seen.append(weakref.ref(house.house.accounts.get(house.account_id)))
        is_served(house, key)
    house.iam.create_user(UserName="last")
    gc.collect()
    assert [each() for each in seen] == [None] * 4
