"""Tries at a password, a code or a key: counted before they are heard."""

import math
from datetime import datetime
from typing import TYPE_CHECKING

from doorward.app.failures import Try
from doorward.app.signin.door import Refused
from doorward.authn.request import HttpRequest
from doorward.store.unit import RecordRow

if TYPE_CHECKING:
    from doorward.app.house import House


async def take(
    house: "House",
    request: HttpRequest,
    credential: str,
    now: datetime,
    *,
    everywhere: bool = False,
) -> Try:
    """A try that counts as failed until it is said otherwise; see `Try`.

    Raises:
        Refused: it has to wait, and was not heard.
    """
    tried = Try(credential, request.source, everywhere)
    wait_s = math.ceil(await house.failures.take(tried, now))
    if wait_s:
        raise Refused(
            429,
            "TooManyTries",
            f"Too many wrong tries. Try again in {wait_s} seconds.",
            retry_after_s=wait_s,
        )
    return tried


async def take_late(
    house: "House", request: HttpRequest, credential: str, now: datetime
) -> Try | None:
    """A try for what was counted elsewhere and succeeded, so that its source becomes known."""
    tried = Try(credential, request.source)
    return None if await house.failures.take(tried, now) else tried


async def keep(house: "House", row: RecordRow) -> None:
    """Keep the record of a try; it is stored within a moment, or before the answer is given."""
    if house.settings["trail.strict"]:
        await house.recorder.recorded(row)
    else:
        house.recorder.record(row)
