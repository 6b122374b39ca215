"""What the built-in alarms may concern is known before a record is read."""

import pytest

from doorward.trail.alarms_built_in import BUILT_IN, ROOT_ACTIVITY, chosen


@pytest.mark.parametrize("alarm", BUILT_IN, ids=lambda each: each.name)
def test_each_is_about_some_events_or_about_root(alarm):
    """Others would be passed over: `app/alarms/worker` reads no other records."""
    assert bool(alarm.events) != (alarm.name == ROOT_ACTIVITY)
    assert all(f'"{event}"' in alarm.pattern for event in alarm.events)


def test_those_that_are_named_are_on():
    assert [each.name for each in chosen(["mfa-removed"], root_activity=False)] == ["mfa-removed"]
    assert chosen([], root_activity=True) == BUILT_IN[:1]
