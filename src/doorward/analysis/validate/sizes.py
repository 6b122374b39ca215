"""How long a document is, as its quota counts."""

from collections.abc import Iterator

from doorward.analysis.validate.reading import Document
from doorward.analysis.validate.registry import Hit
from doorward.catalog.quotas import policy_size, quota


def beyond(document: Document, name: str, *, spaces: bool) -> Iterator[Hit]:
    """The whole document, where it is longer than this quota."""
    size = len(document.text) if spaces else policy_size(document.text)
    limit = quota(name).default
    if size > limit:
        without = "" if spaces else ", white space not counted"
        message = f"The policy has {size:,} characters{without}; the quota is {limit:,}."
        yield Hit(document.root, message)
