"""What is counted, as Prometheus reads it."""

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from doorward.app.house import House

BOUNDS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


class Metrics:
    """Counters of one process; they start at zero with it."""

    def __init__(self) -> None:
        self._answers: Counter[int] = Counter()
        self._buckets: Counter[float] = Counter()
        self._total_s = 0.0

    def served(self, status: int, took_s: float) -> None:
        """One more answer."""
        self._answers[status] += 1
        self._total_s += took_s
        for bound in BOUNDS_S:
            if took_s <= bound:
                self._buckets[bound] += 1
                return

    def text(self, house: "House") -> str:
        """The exposition format, version 0.0.4."""
        return "\n".join([*self._lines(), *_house_lines(house), ""])

    def _lines(self) -> list[str]:
        lines = [
            "# HELP doorward_requests_total Answers by HTTP status.",
            "# TYPE doorward_requests_total counter",
        ]
        lines += [
            f'doorward_requests_total{{status="{status}"}} {count}'
            for status, count in sorted(self._answers.items())
        ]
        lines += [
            "# HELP doorward_request_seconds Time from the first byte to the answer.",
            "# TYPE doorward_request_seconds histogram",
        ]
        so_far = 0
        for bound in BOUNDS_S:
            so_far += self._buckets[bound]
            lines.append(f'doorward_request_seconds_bucket{{le="{bound}"}} {so_far}')
        total = sum(self._answers.values())
        lines.append(f'doorward_request_seconds_bucket{{le="+Inf"}} {total}')
        lines.append(f"doorward_request_seconds_sum {self._total_s:.6f}")
        lines.append(f"doorward_request_seconds_count {total}")
        return lines


def _house_lines(house: "House") -> list[str]:
    age_s = house.follower.age_s if house.follower else 0.0
    return [
        "# HELP doorward_snapshot_age_seconds How old this node's picture of the store may be.",
        "# TYPE doorward_snapshot_age_seconds gauge",
        f"doorward_snapshot_age_seconds {age_s:.3f}",
        "# HELP doorward_accounts Accounts this node knows of.",
        "# TYPE doorward_accounts gauge",
        f"doorward_accounts {len(house.accounts.ids())}",
    ]
