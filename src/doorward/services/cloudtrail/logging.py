"""Logging: started, stopped, and how the delivery fares."""

from typing import Any

from doorward.services.call import Call
from doorward.services.cloudtrail import targets
from doorward.services.cloudtrail.names import find, find_at_home
from doorward.services.cloudtrail.shape import status
from doorward.services.registry import operation


@operation("cloudtrail", on=targets.trail_named)
def start_logging(call: Call, *, name: str) -> None:
    """Begin to log, with this call."""
    call.update(find_at_home(call, name).started(call.now))


@operation("cloudtrail", on=targets.trail_named)
def stop_logging(call: Call, *, name: str) -> None:
    """Stop to log, after this call."""
    call.update(find_at_home(call, name).stopped(call.now))


@operation("cloudtrail", on=targets.trail_named, reads=True, waits=True)
def get_trail_status(call: Call, *, name: str) -> dict[str, Any]:
    """Whether it logs, and what came of the last delivery."""
    trail = find(call, name)
    return status(trail, call.desk.delivery_state(trail.trail_id))
