"""Pages of EventBridge's lists: a hundred at a time."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from doorward.services.call import Call
from doorward.services.events.errors import ValidationException
from doorward.services.paging import BadMarker, page

T = TypeVar("T")


def a_page(
    call: Call, items: Sequence[T], key: Callable[[T], str], token: str | None, limit: int | None
) -> tuple[Sequence[T], dict[str, Any]]:
    """One page, and the token of the next where there is one.

    Raises:
        ValidationException: the token is not ours.
    """
    try:
        shown, rest = page(call, items, key, marker=token, max_items=limit)
    except BadMarker as error:
        raise ValidationException.token() from error
    return shown, {"NextToken": rest["Marker"]} if "Marker" in rest else {}
