"""Where an element or a value of a statement stands in its document."""

from functools import lru_cache

from doorward.policy.document import Statement
from doorward.policy.source import Items, Members, Node, place, read

_read = lru_cache(maxsize=64)(read)


def place_in(statement: Statement, *path: str) -> tuple[int, int] | None:
    """Line and column, both from 1, of a value such as `Condition`, `Bool`, `aws:username`.

    `None` where the document cannot be read, or has nothing there.
    """
    if statement.fault:
        return None
    node = _statement(_read(statement.document), statement.index)
    for name in path:
        if node is None or not isinstance(node.value, Members):
            return None
        node = node.value.get(name)
    return place(statement.document, node.start) if node else None


def _statement(root: Node, index: int) -> Node | None:
    found = root.value.get("Statement") if isinstance(root.value, Members) else None
    if found is not None and isinstance(found.value, Items):
        return found.value[index]
    return found
