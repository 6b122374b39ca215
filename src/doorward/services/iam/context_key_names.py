"""The condition keys a policy document asks for: in its conditions and in its variables.

The document is read more leniently than for a decision: an action or a resource may be missing or
malformed. Source: recorded answers, context_keys.
"""

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NoReturn

from doorward.policy.conditions import named
from doorward.policy.document import OLDEST, VERSIONS
from doorward.policy.variables import Quoted, Variable, parts

_TOP = frozenset({"Version", "Id", "Statement"})
_EFFECTS = ("Allow", "Deny")
ESCAPED = frozenset({"*", "?", "$"})
"""What `${*}`, `${?}` and `${$}` are listed as; no request carries such keys."""


class UnreadableDocument(Exception):  # noqa: N818 - each operation has its own sentence for it
    """The text is no policy whose keys could be listed."""


@lru_cache(maxsize=256)
def context_key_names(text: str) -> tuple[str, ...]:
    """The keys as the document spells them, each spelling once.

    Raises:
        UnreadableDocument: not JSON, an unknown element, version or operator, or no effect.
    """
    data = _loaded(text)
    if not isinstance(data, dict) or not _TOP.issuperset(data):
        raise UnreadableDocument
    version = data.get("Version", OLDEST)
    if version not in VERSIONS:
        raise UnreadableDocument
    body = data.get("Statement", [])
    found = (
        key
        for statement in (body if isinstance(body, list) else [body])
        for key in _of_statement(statement, version)
    )
    return tuple(dict.fromkeys(found))


def _loaded(text: str) -> Any:
    try:
        return json.loads(text, parse_int=str, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise UnreadableDocument from None


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _of_statement(statement: Any, version: str) -> Iterator[str]:
    if not isinstance(statement, dict) or statement.get("Effect") not in _EFFECTS:
        raise UnreadableDocument
    for element in ("Resource", "NotResource"):
        yield from _variables(statement.get(element, []), version)
    for operator, keys in _mapping(statement.get("Condition", {})).items():
        if named(operator) is None:
            raise UnreadableDocument
        for key, values in _mapping(keys).items():
            yield key
            yield from _variables(values, version)


def _mapping(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise UnreadableDocument
    return value


def _variables(values: Any, version: str) -> Iterator[str]:
    for value in values if isinstance(values, list) else [values]:
        for part in parts(value, version) if isinstance(value, str) else ():
            if isinstance(part, Quoted):
                yield part.text
            elif isinstance(part, Variable):
                yield _spelled(part)


def _spelled(variable: Variable) -> str:
    body = variable.spelled[2:-1]
    return body if variable.default is None else body.partition(", '")[0]
