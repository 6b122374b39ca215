"""Pages of a list: markers that cannot be made up, and the truth about what is left."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from doorward.errors import AwsError
from doorward.services.call import Call

T = TypeVar("T")
DEFAULT_ITEMS = 100


class BadMarker(AwsError):  # noqa: N818 - what it is, in two words
    """400: a marker we did not hand out for this operation and account."""

    code = "ValidationError"
    status = 400


def page(
    call: Call,
    items: Sequence[T],
    key: Callable[[T], str],
    *,
    marker: str | None,
    max_items: int | None,
) -> tuple[Sequence[T], dict[str, Any]]:
    """Cut one page out of items ordered by `key`; the members to answer with stand beside it.

    A marker holds the last key shown, so a list that changes between two pages neither repeats
    nor skips what stayed.

    Raises:
        BadMarker: the marker is not ours, or belongs to another operation or account.
    """
    start = bisect_right(items, opened(call, marker), key=key) if marker else 0
    shown = items[start : start + (max_items or DEFAULT_ITEMS)]
    if start + len(shown) >= len(items):
        return shown, {"IsTruncated": False}
    return shown, {"IsTruncated": True, "Marker": sealed(call, key(shown[-1]))}


def sealed(call: Call, last: str) -> str:
    """A marker that goes on after `last`."""
    return call.desk.seal(_kind(call), last)


def opened(call: Call, marker: str) -> str:
    """What a marker holds.

    Raises:
        BadMarker: it is not ours.
    """
    last = call.desk.unseal(_kind(call), marker)
    if last is None:
        raise BadMarker("Invalid Marker.")
    return last


def _kind(call: Call) -> str:
    return f"marker/{call.service}/{call.operation}/{call.account.id}"
