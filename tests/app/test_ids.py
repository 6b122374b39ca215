from datetime import UTC, datetime, timedelta
from uuid import UUID

from tests.app.stores import NOW

from doorward.app.ids import time_ordered_id


def test_it_is_a_uuid_of_version_7_with_its_time_in_front():
    made = UUID(time_ordered_id(NOW))
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert datetime.fromtimestamp((made.int >> 80) / 1000, UTC) == NOW
    assert str(made) == time_ordered_id(NOW)[:13] + str(made)[13:]


def test_later_ones_sort_later_and_none_comes_twice():
    moments = [NOW + timedelta(milliseconds=n) for n in range(1000)]
    made = [time_ordered_id(moment) for moment in moments]
    assert made == sorted(made)
    assert len({time_ordered_id(NOW) for _ in range(10_000)}) == 10_000
