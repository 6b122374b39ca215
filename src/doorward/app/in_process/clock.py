"""A clock that tests may put forward or set."""

from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self


class Clock:
    """The real time, plus what was added."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        """The time, aware."""
        return datetime.now(UTC) + self.ahead

    def advance(self, **lengths: float) -> None:
        """Let time pass: `advance(hours=2)`, as `timedelta` takes them."""
        self.ahead += timedelta(**lengths)

    def at(self, time: datetime) -> "Moment":
        """Set the clock; it goes on from there. In a `with`, until the end of the block.

        Raises:
            ValueError: the time has no zone.
        """
        if time.tzinfo is None:
            raise ValueError("an aware time is wanted, such as datetime(2026, 3, 1, tzinfo=UTC)")
        before = self.ahead
        self.ahead = time - datetime.now(UTC)
        return Moment(self, before)


class Moment:
    """A clock that was set, to be put back."""

    def __init__(self, clock: Clock, before: timedelta) -> None:
        self._clock = clock
        self._before = before

    def __enter__(self) -> Self:
        """Stay at that time."""
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """Back to the time before."""
        self._clock.ahead = self._before
