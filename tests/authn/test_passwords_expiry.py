from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.account.model import LoginProfile, PasswordPolicy
from doorward.authn.passwords_expiry import PasswordState, changed_at, expires_at, state

SET = datetime(2026, 1, 1, 12, tzinfo=UTC)
SOFT, HARD = PasswordPolicy(max_age_days=90), PasswordPolicy(max_age_days=90, hard_expiry=True)
FINE, WARN, MUST_CHANGE, LOCKED = PasswordState


@pytest.mark.parametrize("policy", [None, PasswordPolicy(), PasswordPolicy(hard_expiry=True)])
def test_a_password_never_expires_without_an_age(policy):
    assert expires_at(policy, SET) is None
    assert state(policy, LoginProfile(SET), SET + timedelta(days=10_000)) is FINE


@pytest.mark.parametrize("days", [1, 90, 1095])
def test_it_expires_after_so_many_days(days):
    assert expires_at(PasswordPolicy(max_age_days=days), SET) == SET + timedelta(days=days)


@pytest.mark.practice("S003-22")
@pytest.mark.parametrize(
    ("policy", "age", "found"),
    [
        (SOFT, timedelta(0), FINE),
        (SOFT, timedelta(days=75, seconds=-1), FINE),
        (SOFT, timedelta(days=75), WARN),
        (SOFT, timedelta(days=90, microseconds=-1), WARN),
        (SOFT, timedelta(days=90), MUST_CHANGE),
        (SOFT, timedelta(days=9000), MUST_CHANGE),
        (HARD, timedelta(days=75), WARN),
        (HARD, timedelta(days=90, microseconds=-1), WARN),
        (HARD, timedelta(days=90), LOCKED),
    ],
)
def test_age_decides(policy, age, found):
    assert state(policy, LoginProfile(SET), SET + age) is found


@pytest.mark.parametrize(
    ("policy", "days", "found"),
    [(None, 0, MUST_CHANGE), (SOFT, 80, MUST_CHANGE), (SOFT, 90, MUST_CHANGE), (HARD, 90, LOCKED)],
)
def test_a_password_to_be_changed_must_be_unless_it_is_locked(policy, days, found):
    profile = LoginProfile(SET, reset_required=True)
    assert state(policy, profile, SET + timedelta(days=days)) is found


def test_a_change_begins_a_new_life():
    changed = LoginProfile(SET, changed=SET + timedelta(days=90))
    assert changed_at(LoginProfile(SET)) == SET
    assert changed_at(changed) == SET + timedelta(days=90)
    assert state(HARD, changed, SET + timedelta(days=91)) is FINE


@given(st.integers(1, 1095), st.integers(0, 2000), st.integers(0, 2000), st.booleans())
def test_a_password_never_gets_better_by_waiting(max_age, first, more, hard):
    policy = PasswordPolicy(max_age_days=max_age, hard_expiry=hard)
    order = list(PasswordState)
    now = state(policy, LoginProfile(SET), SET + timedelta(days=first))
    later = state(policy, LoginProfile(SET), SET + timedelta(days=first + more))
    assert order.index(later) >= order.index(now)
