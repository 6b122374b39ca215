"""When a principal last called each service and each of its actions, refused calls included.

AWS: such times are whole minutes in published reports.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import msgspec

EVERY_MINUTE = timedelta(minutes=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Access(NamedTuple):
    """The last call of an action; `minute` counts from 1970."""

    minute: int
    region: str


class ServiceAccess(NamedTuple):
    """The last call of a service, and of each of its actions, by name without the service."""

    minute: int
    region: str
    actions: Mapping[str, Access]


Accesses = Mapping[str, ServiceAccess]
"""By the prefix of the service in actions."""

_DECODER = msgspec.msgpack.Decoder(dict[str, ServiceAccess])
_ENCODER = msgspec.msgpack.Encoder()


def minute_of(moment: datetime) -> int:
    """The minute a moment is in."""
    return (moment - _EPOCH) // EVERY_MINUTE


def moment_of(minute: int) -> datetime:
    """When a minute began."""
    return _EPOCH + minute * EVERY_MINUTE


def packed(accesses: Accesses) -> bytes:
    """In as little room as they are kept: 30 bytes a service or action."""
    return _ENCODER.encode(accesses)


def unpacked(content: bytes) -> Accesses:
    """What was packed."""
    return _DECODER.decode(content)


def merged(known: Accesses, more: Accesses) -> Accesses:
    """The later of each; in the same minute the one known stays."""
    return {**known, **{name: _later(known.get(name), one) for name, one in more.items()}}


def _later(known: ServiceAccess | None, more: ServiceAccess) -> ServiceAccess:
    if known is None:
        return more
    last = more if more.minute > known.minute else known
    newer = {
        name: one
        for name, one in more.actions.items()
        if name not in known.actions or one.minute > known.actions[name].minute
    }
    return ServiceAccess(last.minute, last.region, {**known.actions, **newer})
