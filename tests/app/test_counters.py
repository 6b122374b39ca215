from datetime import timedelta
from types import SimpleNamespace

import pytest
from tests.app.stores import NOW

from doorward.app import counters
from doorward.app.counters import FailureLimits


def failure(source="192.0.2.1", key=None, at=NOW):
    return SimpleNamespace(at=at, request=SimpleNamespace(source=source), claimed_key=key)


def test_as_many_as_the_rate_are_told_what_failed():
    limits = FailureLimits(3)
    assert [limits.exceeded(failure()) for _ in range(5)] == [False, False, False, True, True]


def test_the_next_minute_begins_anew():
    limits = FailureLimits(1)
    assert not limits.exceeded(failure(at=NOW))
    assert limits.exceeded(failure(at=NOW + timedelta(seconds=59)))
    assert not limits.exceeded(failure(at=NOW + timedelta(seconds=60)))


def test_sources_are_counted_apart():
    limits = FailureLimits(1)
    assert not limits.exceeded(failure("192.0.2.1"))
    assert not limits.exceeded(failure("192.0.2.2"))


def test_one_key_is_counted_whatever_its_source():
    limits = FailureLimits(1)
    assert not limits.exceeded(failure("192.0.2.1", "AKIA"))
    assert limits.exceeded(failure("192.0.2.2", "AKIA"))
    assert not limits.exceeded(failure("192.0.2.3", "AKIB"))


def test_a_source_cannot_hide_behind_many_keys():
    limits = FailureLimits(2)
    assert [limits.exceeded(failure(key=f"AKIA{n}")) for n in range(3)] == [False, False, True]


@pytest.mark.parametrize("length", [128, 10_000])
def test_a_long_key_id_is_counted_by_its_beginning(length):
    limits = FailureLimits(1)
    limits.exceeded(failure("192.0.2.1", "A" * 128))
    assert limits.exceeded(failure("192.0.2.2", "A" * length))


def test_there_are_only_so_many_counters(monkeypatch):
    monkeypatch.setattr(counters, "MOST_COUNTED", 3)
    limits = FailureLimits(1)
    for number in range(10):
        limits.exceeded(failure(f"192.0.2.{number}"))
    assert len(limits._counts) == 3
    assert limits.exceeded(failure("192.0.2.9"))
    assert not limits.exceeded(failure("192.0.2.0"))
