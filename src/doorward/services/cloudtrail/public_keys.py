"""ListPublicKeys: the keys that prove digests."""

from datetime import datetime, timedelta
from typing import Any

from doorward.account.trails import DigestKey
from doorward.services.call import Call
from doorward.services.cloudtrail.errors import InvalidTimeRange
from doorward.services.registry import anything, operation

DEFAULT_SPAN = timedelta(days=1)


@operation("cloudtrail", on=anything, reads=True)
def list_public_keys(
    call: Call,
    *,
    start_time: datetime | None = None,
    end_time: datetime | None = None,
    next_token: str | None = None,  # noqa: ARG001 - AWS passes over a bad one (recorded)
) -> dict[str, Any]:
    """The keys that could sign in a span of time: without one, in the last day."""
    end = end_time or call.now
    start = start_time or end - DEFAULT_SPAN
    if start > end:
        raise InvalidTimeRange.reversed()
    keys = sorted(call.account.all(DigestKey), key=lambda key: key.start)
    return {
        "PublicKeyList": [
            {
                "Value": key.public,
                "ValidityStartTime": key.start,
                "ValidityEndTime": key.end,
                "Fingerprint": key.fingerprint,
            }
            for key in keys
            if key.start <= end and start <= key.end
        ]
    }
