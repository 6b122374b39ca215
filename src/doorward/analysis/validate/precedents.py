"""What AWS itself writes in the policies it manages.

The catalogue comes from AWS's reference, which leaves out closed services and much that is new.
What AWS's own policies name is real, so no check calls it an error.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from doorward.analysis.validate.arns import Written, split
from doorward.catalog.managed_policies import facts

_HEAD_ENDS: Final = str.maketrans("/:", "  ")


@dataclass(frozen=True, slots=True)
class Precedents:
    """All in lower case but the ARNs' parts.

    Attributes:
        actions: As they are written, patterns too.
        services: The prefixes of the actions.
        keys: Condition keys, without the names of tags.
        pairs: A condition key and an action of one statement, both of one service.
        resources: Of ARNs: service, whether region and account are there, and how it begins.
    """

    actions: frozenset[str]
    services: frozenset[str]
    keys: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    resources: frozenset[tuple[str, bool, bool, str]]


@cache
def precedents() -> Precedents:
    """Read all of AWS's policies once; SPEED: a third of a second, paid by odd documents only."""
    statements = [each for fact in facts() for each in _statements(fact.document)]
    actions = {action for each in statements for action in _actions(each)}
    return Precedents(
        actions=frozenset(actions),
        services=frozenset(action.partition(":")[0] for action in actions),
        keys=frozenset(key for each in statements for key in _keys(each)),
        pairs=frozenset(pair for each in statements for pair in _pairs(each)),
        resources=frozenset(marks for each in statements for marks in _resources(each)),
    )


def marks_of(arn: Written) -> tuple[str, bool, bool, str]:
    """How an ARN is compared with those of AWS."""
    return arn.service, bool(arn.region), bool(arn.account), _head(arn.resource)


def stem(key: str) -> str:
    """A condition key in lower case, without the name of a tag."""
    before, slash, _ = key.lower().partition("/")
    return before + slash


def _head(resource: str) -> str:
    """The first word: letters up to a wildcard or separator, the separator in front kept."""
    first = resource[:1]
    words = resource.translate(_HEAD_ENDS).replace("*", " ").split()
    return (first if first in "/:" else "") + (words[0] if words else "")


def _statements(document: str) -> list[dict[str, Any]]:
    body = json.loads(document)["Statement"]
    return body if isinstance(body, list) else [body]


def _actions(statement: dict[str, Any]) -> Iterator[str]:
    for name in ("Action", "NotAction"):
        yield from (text.lower() for text in _texts(statement, name))


def _keys(statement: dict[str, Any]) -> Iterator[str]:
    for keys in statement.get("Condition", {}).values():
        yield from map(stem, keys)


def _pairs(statement: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for key in _keys(statement):
        prefix = key.partition(":")[0] + ":"
        yield from ((key, action) for action in _actions(statement) if action.startswith(prefix))


def _resources(statement: dict[str, Any]) -> Iterator[tuple[str, bool, bool, str]]:
    for name in ("Resource", "NotResource"):
        yield from (marks_of(arn) for text in _texts(statement, name) if (arn := split(text)))


def _texts(statement: dict[str, Any], name: str) -> list[str]:
    value = statement.get(name, [])
    return value if isinstance(value, list) else [value]
