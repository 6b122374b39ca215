import json

import argon2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.authn import passwords
from doorward.authn.passwords import (
    LONGEST,
    MOST_BEFORE,
    USUAL,
    Cost,
    keep,
    matches,
    outdated,
    succeed,
    upgraded,
)

CHEAP = Cost(memory_kib=32, time_cost=1, lanes=4)
OTHER = Cost(memory_kib=40, time_cost=1, lanes=1)
SALT, SECOND = bytes(range(16)), bytes(range(16, 32))


@pytest.fixture
def runs(monkeypatch):
    """The costs of the runs of argon2 so far."""
    made, hashed = [], passwords._hashed

    def counted(password, salt, cost):
        made.append(cost)
        return hashed(password, salt, cost)

    monkeypatch.setattr(passwords, "_hashed", counted)
    return made


def chain(*chosen, cost=CHEAP):
    kept = None
    for password in chosen:
        kept = succeed(kept, password, SALT, cost).kept
    return kept


def test_what_is_kept_is_a_phc_string_that_others_verify():
    kept = json.loads(keep("correct horse", SALT))
    assert kept["history"] == []
    assert kept["current"].startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert argon2.PasswordHasher().verify(kept["current"], "correct horse")


@given(st.text(max_size=LONGEST), st.text(max_size=LONGEST))
@settings(max_examples=60)
def test_only_the_same_text_matches(password, other):
    kept = keep(password, SALT, CHEAP)
    assert matches(kept, password, CHEAP)
    assert matches(kept, other, CHEAP) is (other == password)


@pytest.mark.parametrize(
    ("kept", "given"),
    [("caf\u00e9", "cafe\u0301"), ("a", "a "), ("a", "A"), ("\ud800", "\ud801"), ("a", "a\0")],
)
def test_a_password_is_taken_as_given(kept, given):
    assert not matches(keep(kept, SALT, CHEAP), given, CHEAP)


@pytest.mark.parametrize("kept", [None, keep("a", SALT, CHEAP)])
@pytest.mark.parametrize("password", ["", "b", "x" * 1_000_000])
def test_a_wrong_password_takes_one_run_whoever_it_is_of(runs, kept, password):
    assert not matches(kept, password, CHEAP)
    assert runs == [CHEAP]


def test_a_cheaply_made_hash_takes_a_full_run_as_well(runs):
    assert matches(keep("a", SALT, OTHER), "a", CHEAP)
    assert runs == [OTHER, OTHER, CHEAP]


def test_what_is_too_long_is_never_hashed():
    with pytest.raises(ValueError, match="more than 128"):
        keep("x" * (LONGEST + 1), SALT, CHEAP)


@pytest.mark.parametrize(("made", "wanted"), [(CHEAP, False), (OTHER, True), (USUAL, True)])
def test_a_hash_is_outdated_when_it_cost_something_else(made, wanted):
    assert outdated(keep("a", SALT, made), CHEAP) is wanted


def test_an_upgrade_keeps_password_and_history():
    kept = chain("one", "two", cost=OTHER)
    better = upgraded(kept, "two", CHEAP)
    assert matches(better, "two", CHEAP)
    assert not outdated(better, CHEAP)
    assert succeed(better, "one", SECOND, CHEAP).used == 1


@pytest.mark.parametrize(
    ("password", "used"), [("three", 0), ("two", 1), ("one", 2), ("four", None)]
)
def test_a_successor_says_which_password_it_was(password, used):
    assert succeed(chain("one", "two", "three"), password, SECOND, CHEAP).used == used


def test_one_run_compares_with_all(runs):
    kept = chain(*map(str, range(20)))
    runs.clear()
    assert succeed(kept, "0", SECOND, CHEAP).used == 19
    assert runs == [CHEAP]


def test_each_other_cost_is_one_run_more(runs):
    kept = succeed(chain("one", "two", cost=OTHER), "three", SECOND, CHEAP).kept
    runs.clear()
    assert succeed(kept, "one", SECOND, CHEAP).used == 2
    assert runs == [CHEAP, OTHER]


def test_a_first_password_takes_the_salt_given_and_later_ones_keep_it():
    first = succeed(None, "one", SALT, CHEAP)
    assert first.used is None
    assert first.kept == keep("one", SALT, CHEAP)
    again = succeed(first.kept, "two", SECOND, CHEAP)
    assert (
        json.loads(again.kept)["current"].split("$")[4]
        == (json.loads(first.kept)["current"].split("$")[4])
    )


def test_history_ends_where_no_policy_could_ask_further():
    kept = chain(*map(str, range(30)))
    assert len(json.loads(kept)["history"]) == MOST_BEFORE
    assert succeed(kept, "5", SECOND, CHEAP).used == MOST_BEFORE
    assert succeed(kept, "4", SECOND, CHEAP).used is None


def test_a_password_stands_in_history_once():
    kept = chain("one", "two", "one", "one")
    assert len(json.loads(kept)["history"]) == 1
    assert matches(kept, "one", CHEAP)
