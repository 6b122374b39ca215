from base64 import b32encode
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.authn.totp import code_at, step_at, step_of_pair, step_of_use

SEED = bytes(range(40))
NOW = datetime(2026, 9, 26, 21, 0, 15, tzinfo=UTC)
HERE = step_at(NOW)

seeds = st.binary(min_size=16, max_size=64)
steps = st.integers(min_value=0, max_value=2**40)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_the_codes_of_the_standard(seconds, code):
    """RFC 6238, appendix B; the last six of its eight digits."""
    assert code_at(b"12345678901234567890", seconds // 30) == code


@given(seeds, steps)
def test_codes_are_pyotps(seed, step):
    assert code_at(seed, step) == pyotp.HOTP(b32encode(seed).decode()).at(step)


@given(st.datetimes(min_value=datetime(1970, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_step_lasts_thirty_seconds(now):
    start = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=30 * step_at(now))
    assert start <= now < start + timedelta(seconds=30)


@pytest.mark.parametrize("offset", range(-4, 5))
def test_two_steps_around_now_are_a_use(offset):
    found = step_of_use(SEED, code_at(SEED, HERE + offset), NOW, 0)
    assert found == (HERE + offset if abs(offset) <= 2 else None)


@given(st.integers(min_value=-1000, max_value=10**6), st.integers(min_value=-2, max_value=2))
def test_a_use_is_around_the_devices_clock(steps_off, offset):
    step = HERE + steps_off + offset
    assert step_of_use(SEED, code_at(SEED, step), NOW, steps_off) == step


@pytest.mark.parametrize("code", ["", "00000", "0000000", " 28708", "٢٨٧٠٨٢", "abcdef", "\x00"])
def test_what_is_no_code(code):
    assert step_of_use(SEED, code, NOW, 0) is None


def test_before_the_epoch_there_are_no_codes():
    first = datetime(1970, 1, 1, 0, 0, 10, tzinfo=UTC)
    assert step_of_use(SEED, code_at(SEED, 0), first, 0) == 0
    assert step_of_use(SEED, "000000", first, -50) is None


def pair(offset):
    return code_at(SEED, HERE + offset - 1), code_at(SEED, HERE + offset)


@pytest.mark.parametrize(
    ("offset", "found"), [(0, True), (-998, True), (-999, False), (1000, True), (1001, False)]
)
def test_how_far_off_a_pair_may_be(offset, found):
    step = step_of_pair(SEED, pair(offset), NOW, 0, None)
    assert step == (HERE + offset if found else None)


def test_a_pair_is_two_steps_the_older_first():
    old, new = pair(0)
    for codes in ((new, old), (new, new), (old, old), (old, code_at(SEED, HERE + 1))):
        assert step_of_pair(SEED, codes, NOW, 0, None) is None


@pytest.mark.parametrize(("offset", "found"), [(607, False), (608, False), (609, True)])
def test_both_codes_are_newer_than_the_last_pair(offset, found):
    step = step_of_pair(SEED, pair(offset), NOW, 607, HERE + 607)
    assert step == (HERE + offset if found else None)


@given(st.integers(min_value=-998, max_value=1000), st.integers(min_value=0, max_value=5000))
def test_the_search_is_around_what_was_learnt(offset, learnt):
    assert step_of_pair(SEED, pair(learnt + offset), NOW, learnt, None) == HERE + learnt + offset
