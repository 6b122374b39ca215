"""A clock that tests may put forward."""

from datetime import UTC, datetime, timedelta


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
