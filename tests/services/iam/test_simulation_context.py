from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given as suppose
from hypothesis import strategies as st

from doorward.policy import Principal
from doorward.services.iam.errors import InvalidSimulation
from doorward.services.iam.simulation_context import defaults, given

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


def entry(kind, *values, key="stack:key"):
    return {"ContextKeyName": key, "ContextKeyType": kind, "ContextKeyValues": list(values)}


# AWS: recorded, simulation_inputs, 2026-09-11; long dates are ours.
@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("string", "", ""),
        ("numeric", "01.00", "1.00"),
        ("numeric", "+1", "1"),
        ("numeric", "1e2", "1E+2"),
        ("numeric", "1e9999", "1E+9999"),
        ("date", "2035", "2035-01-01T00:00:00.000Z"),
        ("date", "2035-01-02", "2035-01-02T00:00:00.000Z"),
        ("date", "2035-01-02T03:04:05", "2035-01-02T03:04:05.000Z"),
        ("date", "2035-01-02T03:04:05+02:00", "2035-01-02T01:04:05.000Z"),
        ("date", "2035-01-02T03:04:05.123456Z", "2035-01-02T03:04:05.123Z"),
        ("date", "0", "1970-01-01T00:00:00.000Z"),
        ("date", "1735787045", "2025-01-02T03:04:05.000Z"),
        ("date", "+999999999-01-01", "+999999999-01-01"),
        ("boolean", "TRUE", "TRUE"),
        ("boolean", "yes", "yes"),
        ("ip", "192.000.002.1", "192.000.002.1"),
        ("ip", "2001:db8::1", "2001:db8::1"),
        ("binary", "YQ==", "YQ=="),
    ],
)
def test_values_are_spelled_as_their_type_spells_them(kind, text, value):
    assert given([entry(kind, text)]) == {"stack:key": value}
    assert given([entry(f"{kind}List", text, text)]) == {"stack:key": (value, value)}


@pytest.mark.parametrize(
    ("kind", "text", "wanted"),
    [
        *(
            ("numeric", text, "numeric format")
            for text in ("abc", "NaN", "0x10", " 1 ", "Infinity")
        ),
        ("date", "tomorrow", "DateTime format"),
        *(("ip", text, "IP address") for text in ("999.0.0.1", "192.0.2.0/24", "fe80::1%eth0")),
        *(
            ("binary", text, "base-64 encoded binary format")
            for text in ("!base64", "eWVz\n", "YQ", "YR==")
        ),
    ],
)
def test_values_not_of_their_type_are_refused(kind, text, wanted):
    sentence = f"Invalid context value for key stack:key: expected {wanted}."
    for name in (kind, f"{kind}List"):
        with pytest.raises(InvalidSimulation) as refused:
            given([entry(name, text)])
        assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("entries", "sentence"),
    [
        (
            [{"ContextKeyName": "stack:key", "ContextKeyValues": ["yes"]}],
            "Context key stack:key has invalid type null.",
        ),
        (
            [{"ContextKeyName": "stack:key", "ContextKeyType": "string"}],
            "Context values for context key stack:key cannot be null or empty.",
        ),
        (
            [entry("stringList")],
            "Context values for context key stack:key cannot be null or empty.",
        ),
        (
            [{"ContextKeyType": "string", "ContextKeyValues": ["yes"]}],
            "ContextKeyName cannot be null or empty.",
        ),
        (
            [entry("string", "a", "b")],
            "Context key string expected a single value, but received 2.",
        ),
        (
            [entry("string", "a", key="stack:test"), entry("string", "b", key="STACK:TEST")],
            "Duplicate context key: STACK:TEST.",
        ),
    ],
)
def test_entries_that_lack_something_are_refused(entries, sentence):
    with pytest.raises(InvalidSimulation) as refused:
        given(entries)
    assert str(refused.value) == sentence


def test_an_empty_entry_is_ignored_and_a_key_needs_no_colon():
    assert given([{}, entry("string", "yes", key="ABCDE")]) == {"abcde": "yes"}


@suppose(st.sampled_from(["numeric", "date", "ip", "binary"]), st.text(max_size=12))
def test_what_is_taken_stays_as_it_is_when_given_again(kind, text):
    with suppress(InvalidSimulation):
        (value,) = given([entry(kind, text)]).values()
        assert given([entry(kind, value)]) == {"stack:key": value}


def test_without_a_caller_only_the_account_and_a_stub_are_known():
    assert defaults(None, "111122223333", NOW) == {
        "aws:currenttime": "2026-03-04T05:06:07Z",
        "aws:epochtime": str(int(NOW.timestamp())),
        "aws:principalaccount": "111122223333",
        "aws:userid": "STUB_PRINCIPAL_FOR_POLICY_SIMULATOR",
    }


@pytest.mark.parametrize(
    ("arn", "username"),
    [
        ("arn:aws:iam::444455556666:user/team/ann", {"aws:username": "ann"}),
        ("arn:aws:iam::444455556666:role/team/ann", {}),
    ],
)
def test_a_caller_is_known_by_its_arn(arn, username):
    found = defaults(Principal.from_arn(arn), "111122223333", NOW)
    del found["aws:currenttime"], found["aws:epochtime"]
    assert found == {
        "aws:principalaccount": "444455556666",
        "aws:userid": arn,
        "aws:principalarn": arn,
        **username,
    }
