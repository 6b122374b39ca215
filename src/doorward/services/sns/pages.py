"""Pages of SNS's lists: a hundred at a time."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from doorward.services.call import Call
from doorward.services.paging import BadMarker, page
from doorward.services.sns.errors import InvalidParameter

T = TypeVar("T")


def a_page(
    call: Call, items: Sequence[T], key: Callable[[T], str], token: str | None
) -> tuple[Sequence[T], dict[str, Any]]:
    """One page, and the token of the next where there is one.

    Raises:
        InvalidParameter: the token is not ours.
    """
    try:
        shown, rest = page(call, items, key, marker=token, max_items=None)
    except BadMarker as error:
        raise InvalidParameter.named("NextToken") from error
    return shown, {"NextToken": rest["Marker"]} if "Marker" in rest else {}
