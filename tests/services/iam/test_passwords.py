"""Changes of password as the sign-in page makes them, and what may come between the two steps."""

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from doorward.account.account import Account
from doorward.account.model import LoginProfile, PasswordPolicy, Profile, User
from doorward.authn.passwords import USUAL, Cost, keep, matches
from doorward.services.iam.errors import EntityTemporarilyUnmodifiable, PasswordPolicyViolation
from doorward.services.iam.mfa_virtual import Secret
from doorward.services.iam.passwords import (
    PreparedPassword,
    apply_change,
    apply_root_change,
    cost_of,
    credential_of,
    password_place,
    prepare_change,
    prepare_root_change,
)

ACCOUNT = "111122223333"
SINCE = datetime(2026, 9, 11, 10, tzinfo=UTC)
NOW = SINCE.replace(hour=12)
CHEAP = Cost(memory_kib=32, time_cost=1)
OLD, NEW, KNOWN = "kX9!dragonfly-7q", "pR4?salamander-2w", "Password2026!!"


class Secrets(dict):
    def put(self, name, secret):
        self[name] = secret


def a_call(**settings):
    profile = Profile(id=ACCOUNT, email="root@example.com", created=SINCE, aliases=("example",))
    ann = User(name="Ann", user_id="AIDA1", created=SINCE, login_profile=LoginProfile(SINCE, True))
    call = SimpleNamespace(
        account=Account.of(ACCOUNT, [profile, ann]),
        now=NOW,
        vault=Secrets(
            {password_place(owner): keep(OLD, bytes(16), CHEAP) for owner in ("AIDA1", ACCOUNT)}
        ),
        random=bytes,
        settings={"password.memory_kib": 32, "password.time_cost": 1} | settings,
    )
    call.update = lambda entity: setattr(call, "account", call.account.put(entity))
    return call


def ann_of(call):
    return call.account.user("ann")


def is_now(call, owner, password):
    return matches(call.vault[password_place(owner)], password, CHEAP)


@pytest.mark.parametrize("by_user", [True, False])
def test_only_a_users_own_change_settles_that_it_must_be_changed(by_user):
    call = a_call()
    apply_change(call, ann_of(call), prepare_change(call, ann_of(call), NEW), by_user=by_user)
    assert ann_of(call).login_profile == LoginProfile(SINCE, not by_user, NOW)
    assert is_now(call, "AIDA1", NEW)
    assert not is_now(call, "AIDA1", OLD)


def test_a_first_password_makes_a_profile():
    call = a_call()
    call.vault.clear()
    call.update(replace(ann_of(call), login_profile=None))
    apply_change(call, ann_of(call), prepare_change(call, ann_of(call), NEW), by_user=False)
    assert ann_of(call).login_profile == LoginProfile(NOW)


def test_preparing_changes_nothing():
    call = a_call()
    account, vault = call.account, dict(call.vault)
    prepare_change(call, ann_of(call), NEW)
    prepare_root_change(call, NEW)
    assert call.account is account
    assert call.vault == vault


def test_what_was_prepared_against_another_password_is_refused():
    call = a_call()
    first, second = (prepare_change(call, ann_of(call), each) for each in (NEW, NEW + "!"))
    apply_change(call, ann_of(call), first, by_user=True)
    with pytest.raises(EntityTemporarilyUnmodifiable, match="Login Profile for User Ann cannot be"):
        apply_change(call, ann_of(call), second, by_user=True)
    assert is_now(call, "AIDA1", NEW)


def test_what_was_prepared_for_a_user_of_the_same_name_before_is_refused():
    call = a_call()
    prepared = prepare_change(call, ann_of(call), NEW)
    again = replace(ann_of(call), user_id="AIDA2")
    call.vault["password/AIDA2"] = prepared.before
    with pytest.raises(EntityTemporarilyUnmodifiable):
        apply_change(call, again, prepared, by_user=True)


@pytest.mark.practice("S003-19")
@pytest.mark.parametrize(
    ("setting", "at_sign_in", "refused"),
    [
        ("off", True, False),
        ("off", False, False),
        ("sign-in", True, True),
        ("sign-in", False, False),
        ("everywhere", True, True),
        ("everywhere", False, True),
    ],
)
def test_where_known_passwords_are_refused(setting, at_sign_in, refused):
    call = a_call(**{"password.refuse_breached": setting})
    if refused:
        with pytest.raises(PasswordPolicyViolation, match="known from breaches"):
            prepare_change(call, ann_of(call), KNOWN, at_sign_in=at_sign_in)
    else:
        assert prepare_change(call, ann_of(call), KNOWN, at_sign_in=at_sign_in)


@pytest.mark.parametrize(("setting", "refused"), [("off", False), ("sign-in", True)])
def test_for_root_as_well(setting, refused):
    call = a_call(**{"password.refuse_breached": setting})
    if refused:
        with pytest.raises(PasswordPolicyViolation, match="known from breaches"):
            prepare_root_change(call, KNOWN)
    else:
        assert prepare_root_change(call, KNOWN)


def test_root_gets_a_new_password_under_no_policy():
    call = a_call()
    policy = PasswordPolicy(minimum_length=100)
    call.update(replace(call.account.profile, password_policy=policy, root_has_password=False))
    apply_root_change(call, prepare_root_change(call, NEW))
    assert call.account.profile.root_password_changed == NOW
    assert call.account.profile.root_has_password
    assert is_now(call, ACCOUNT, NEW)


@pytest.mark.practice("S001-06")
@pytest.mark.parametrize(
    ("password", "reason"), [("Ab1!", "minimum length of 14"), (OLD, "was used before")]
)
def test_root_is_told_why_not(password, reason):
    with pytest.raises(PasswordPolicyViolation, match=reason):
        prepare_root_change(a_call(), password)


def test_what_was_prepared_for_root_is_refused_after_a_recovery():
    call = a_call()
    prepared = prepare_root_change(call, NEW)
    call.vault.put(password_place(ACCOUNT), keep("recovered", bytes(16), CHEAP))
    with pytest.raises(EntityTemporarilyUnmodifiable):
        apply_root_change(call, prepared)


@pytest.mark.parametrize(
    ("settings", "cost"),
    [
        ({}, USUAL),
        ({"password.memory_kib": 0, "password.time_cost": 0}, Cost(32, 1, 4)),
        ({"password.memory_kib": 131072, "password.time_cost": 4}, Cost(131072, 4, 4)),
    ],
)
def test_the_settings_say_what_a_run_costs(settings, cost):
    assert cost_of(settings) == cost


def test_a_users_guesses_are_counted_by_account_and_name():
    assert credential_of(ACCOUNT, "Ann") == f"{ACCOUNT}/ann"


def test_what_is_prepared_says_no_secret_when_it_is_printed():
    printed = f"{PreparedPassword('AIDA1', 'ann', b'before', b'kept')} {Secret(b'seed', b'png')}"
    assert not any(word in printed for word in ("b'before'", "b'kept'", "b'seed'", "b'png'"))
