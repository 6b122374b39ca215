from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.wire import scalars

MOMENT = datetime(2026, 9, 11, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-09-11T10:00:00Z",
        "2026-09-11T10:00:00.000000000Z",
        "2026-09-11T12:00:00+02:00",
        "2026-09-11T10:00:00",
        "1789120800",
        "1789120800.0",
        "1.7891208e9",
        "Fri, 11 Sep 2026 10:00:00 GMT",
    ],
)
def test_times_in_every_form(text):
    assert scalars.read_timestamp(text) == MOMENT


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "2026-13-01", "1e9999", "9e99", "0001-01-01T00:00:00+14:00", "Fri, 99 Foo"],
)
def test_times_that_are_none(text):
    with pytest.raises(ValueError, match="no timestamp"):
        scalars.read_timestamp(text)


@given(st.text() | st.from_regex(r"[0-9T:.+\-]{1,30}", fullmatch=True))
def test_any_text_is_a_value_or_a_value_error(text):
    for read in scalars.READERS.values():
        try:
            read(text)
        except ValueError:
            continue


@pytest.mark.parametrize(
    ("text", "value"), [("1", 1.0), ("-1.5e3", -1500.0), ("Infinity", float("inf")), (".5", 0.5)]
)
def test_decimals(text, value):
    assert scalars.read_float(text) == value


@pytest.mark.parametrize("text", ["", "nan", "1_0", " 1", "0x1"])
def test_no_decimals(text):
    with pytest.raises(ValueError, match="no number"):
        scalars.read_float(text)


def test_longs_are_bounded():
    assert scalars.read_long("9223372036854775807") == 2**63 - 1
    with pytest.raises(ValueError, match="out of range"):
        scalars.read_long("9223372036854775808")


def test_blobs_are_strict():
    assert scalars.read_blob("YQ==") == b"a"
    for text in ("YQ", "Y Q==", "é"):
        with pytest.raises(ValueError, match="no base64"):
            scalars.read_blob(text)


def test_times_are_written_as_aws_writes_them():
    moment = MOMENT + timedelta(milliseconds=36, microseconds=999)
    assert scalars.iso_time(moment) == "2026-09-11T10:00:00Z"
    assert scalars.iso_time(MOMENT.astimezone(timezone(timedelta(hours=2)))) == (
        "2026-09-11T10:00:00Z"
    )
    assert scalars.iso_time(datetime(1, 1, 1, tzinfo=UTC)) == "0001-01-01T00:00:00Z"
    assert scalars.epoch_time(MOMENT) == 1789120800
    assert isinstance(scalars.epoch_time(MOMENT), int)
    assert scalars.epoch_time(moment) == 1789120800.036
    assert scalars.http_time(MOMENT) == "Fri, 11 Sep 2026 10:00:00 GMT"
