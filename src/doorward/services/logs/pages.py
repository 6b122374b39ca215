"""Pages of CloudWatch Logs' lists: fifty at a time."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from doorward.services.call import Call
from doorward.services.logs.errors import InvalidParameter
from doorward.services.paging import BadMarker, page

T = TypeVar("T")
MOST = 50


def a_page(
    call: Call, items: Sequence[T], key: Callable[[T], str], token: str | None, limit: int | None
) -> tuple[Sequence[T], dict[str, Any]]:
    """One page, and the token of the next where there is one.

    Raises:
        InvalidParameter: the token is not ours.
    """
    try:
        shown, rest = page(call, items, key, marker=token, max_items=limit or MOST)
    except BadMarker as error:
        raise InvalidParameter.named("The specified nextToken is invalid.") from error
    return shown, {"nextToken": rest["Marker"]} if "Marker" in rest else {}


def in_ms(at: datetime) -> int:
    """A time as CloudWatch Logs says it."""
    return int(at.timestamp() * 1000)
