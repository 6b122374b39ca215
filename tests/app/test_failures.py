import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from doorward.app.failures import PATIENCE, Failures, Try
from doorward.store.memory import MemoryStore

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
OWNER, THIEF = "198.51.100.7", "203.0.113.9"


@pytest.fixture
def failures():
    return Failures(MemoryStore())


def take(failures, source, credential="ann", after=0.0):
    moment = NOW + timedelta(seconds=after)
    return asyncio.run(failures.take(Try(credential, source), moment))


def passed(failures, source, credential="ann"):
    asyncio.run(failures.passed(Try(credential, source), NOW))


def test_five_failures_are_free_then_the_wait_doubles_up_to_a_quarter_of_an_hour(failures):
    assert [take(failures, THIEF) for _ in range(5)] == [0] * 5
    waits, after = [], 0.0
    for _ in range(12):
        wait = take(failures, THIEF, after=after)
        waits.append(wait)
        after += wait
        assert take(failures, THIEF, after=after) == 0
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]


def test_after_a_quiet_quarter_of_an_hour_five_are_free_again(failures):
    for _ in range(5):
        take(failures, THIEF)
    later = PATIENCE.window_ms / 1000 + 1
    assert [take(failures, THIEF, after=later) for _ in range(5)] == [0] * 5
    assert take(failures, THIEF, after=later) == 1


def test_who_fails_elsewhere_slows_nobody_here(failures):
    for _ in range(50):
        take(failures, THIEF)
    assert take(failures, OWNER) == 0


def test_a_source_is_slowed_whatever_it_tries(failures):
    for number in range(5):
        assert take(failures, THIEF, credential=f"user{number}") == 0
    assert take(failures, THIEF, credential="somebody else") == 1


def test_who_signed_in_from_here_before_is_not_slowed_by_neighbours(failures):
    take(failures, THIEF)
    passed(failures, THIEF)
    for number in range(20):
        take(failures, THIEF, credential=f"user{number}")
    assert take(failures, THIEF) == 0
    assert take(failures, THIEF, credential="bob") > 0


def test_success_forgets_the_failures_of_this_credential_alone(failures):
    for _ in range(4):
        take(failures, THIEF, credential="bob")
    take(failures, THIEF)
    passed(failures, THIEF)
    assert take(failures, THIEF, credential="bob") == 0
    assert take(failures, THIEF, credential="bob") > 0


def test_who_is_known_wipes_out_no_failures_at_others(failures):
    take(failures, THIEF)
    passed(failures, THIEF)
    for number in range(5):
        take(failures, THIEF, credential=f"user{number}")
    for _ in range(5):
        take(failures, THIEF)
        passed(failures, THIEF)
        take(failures, THIEF)
        asyncio.run(failures.passed_half(Try("ann", THIEF)))
    assert take(failures, THIEF, credential="bob") > 0


def test_codes_count_wherever_they_come_from_but_not_where_their_owner_is_known(failures):
    passed(failures, OWNER)
    sources = [f"203.0.113.{number}" for number in range(6)]

    def tries(source):
        return asyncio.run(failures.take(Try("ann", source, everywhere=True), NOW))

    assert [tries(source) for source in sources] == [0, 0, 0, 0, 0, 1]
    assert tries(OWNER) == 0
    assert take(failures, "192.0.2.1") == 0


def test_half_a_success_takes_back_its_own_try_alone(failures):
    for _ in range(10):
        assert take(failures, OWNER) == 0
        asyncio.run(failures.passed_half(Try("ann", OWNER)))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("unix", "unix", True),
    ],
)
def test_what_counts_as_one_source(one, other, same):
    assert (Try("ann", one) == Try("ann", other)) is (one == other)
    assert (Try("ann", one).pair == Try("ann", other).pair) is same
    assert (Try("ann", one).anywhere == Try("ann", other).anywhere) is same


def test_what_was_typed_stands_nowhere():
    tried = Try("secret\0name\ud800", OWNER)
    assert tried.pair.isascii()
    assert "secret" not in tried.pair


def test_old_failures_are_pruned(failures):
    for _ in range(5):
        take(failures, THIEF)
    failures.prune(NOW + timedelta(minutes=16))
    assert take(failures, THIEF) == 0
