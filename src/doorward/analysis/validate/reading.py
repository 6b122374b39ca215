"""A policy as the checks see it: every value with its place, and nothing refused.

What is of the wrong shape is left out here and told by the checks of shape, so that the other
checks go on.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

from doorward.policy.conditions import named
from doorward.policy.conditions.table import Operator
from doorward.policy.document import OLDEST, VERSIONS
from doorward.policy.fields import Path
from doorward.policy.source import Items, Members, Node, Number, read

_STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*+"')
_OPERATOR: Final = re.compile(r"(?:(forallvalues|foranyvalue):)?(.*?)(ifexists)?", re.DOTALL)


class At(NamedTuple):
    """A value, where it stands, and how to get there."""

    node: Node
    path: Path

    @property
    def text(self) -> str | None:
        """The string it is, or `None`."""
        value = self.node.value
        return value if isinstance(value, str) and not isinstance(value, Number) else None

    @property
    def written(self) -> str:
        """The text a condition compares with; empty where it is none."""
        value = self.node.value
        if isinstance(value, bool):
            return "true" if value else "false"
        return value if isinstance(value, str) else ""

    @property
    def members(self) -> Members:
        """The members of the object it is; none where it is no object."""
        return self.node.value if isinstance(self.node.value, Members) else Members()

    @property
    def items(self) -> tuple["At", ...]:
        """The values of a list, or the one value."""
        if not isinstance(self.node.value, Items):
            return (self,)
        return tuple(At(node, (*self.path, i)) for i, node in enumerate(self.node.value))

    @property
    def is_list(self) -> bool:
        """Whether it is a list."""
        return isinstance(self.node.value, Items)

    def member(self, name: str) -> "At | None":
        """The value of this name."""
        node = self.members.get(name)
        return At(node, (*self.path, name)) if node else None


class Named(NamedTuple):
    """One principal and its type, as in `AWS`; `*` alone is of the type `*`."""

    kind: str
    at: At
    text: str


class Text(NamedTuple):
    """A string of an element, and its place."""

    at: At
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """One operator over one key.

    Attributes:
        operator: The place of its name.
        quantifier: `forallvalues`, `foranyvalue` or empty.
        base: The operator's name without quantifier and suffix, in lower case.
        known: What the operator does; `None` for `Null` and for unknown ones.
        key: The place of the key's name.
        value: The place of its value or values.
    """

    operator: At
    quantifier: str
    base: str
    if_exists: bool
    known: Operator | None
    key: At
    value: At

    @property
    def name(self) -> str:
        """The key in lower case."""
        return self.key.written.lower()

    @property
    def values(self) -> tuple[At, ...]:
        """The values."""
        return self.value.items

    @property
    def texts(self) -> tuple[str, ...]:
        """The values as text."""
        return tuple(value.written for value in self.values)

    @property
    def negated(self) -> bool:
        """Whether it asks for no match."""
        return self.known is not None and self.known.negated

    def is_of(self, *families: str) -> bool:
        """Whether the operator is one of String, Arn, Numeric, Date, Bool, IpAddress, …."""
        return any(self.base.removeprefix("not").startswith(name.lower()) for name in families)


@dataclass(frozen=True)  # no slots: what is found once is kept
class Statement:
    """One statement: its elements, each a tuple of what could be read."""

    document: "Document"
    at: At

    def element(self, name: str) -> At | None:
        """The value of an element."""
        return self.at.member(name)

    @cached_property
    def effect(self) -> str:
        """`Allow`, `Deny`, or empty."""
        effect = self.element("Effect")
        return effect.text or "" if effect and effect.text in {"Allow", "Deny"} else ""

    @property
    def allows(self) -> bool:
        """Whether it gives."""
        return self.effect == "Allow"

    @property
    def denies(self) -> bool:
        """Whether it takes away."""
        return self.effect == "Deny"

    @cached_property
    def actions(self) -> tuple[Text, ...]:
        """What stands in Action."""
        return self._texts("Action")

    @cached_property
    def not_actions(self) -> tuple[Text, ...]:
        """What stands in NotAction."""
        return self._texts("NotAction")

    @cached_property
    def resources(self) -> tuple[Text, ...]:
        """What stands in Resource."""
        return self._texts("Resource")

    @cached_property
    def not_resources(self) -> tuple[Text, ...]:
        """What stands in NotResource."""
        return self._texts("NotResource")

    @cached_property
    def principals(self) -> tuple[Named, ...]:
        """Whom Principal names."""
        return self._names("Principal")

    @cached_property
    def not_principals(self) -> tuple[Named, ...]:
        """Whom NotPrincipal names."""
        return self._names("NotPrincipal")

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """Every operator over every key."""
        condition = self.element("Condition")
        return tuple(self._conditions(condition)) if condition else ()

    def has(self, name: str) -> bool:
        """Whether the element stands there, of whatever shape."""
        return self.element(name) is not None

    def _texts(self, name: str) -> tuple[Text, ...]:
        element = self.element(name)
        items = element.items if element else ()
        return tuple(Text(item, item.text) for item in items if item.text is not None)

    def _names(self, name: str) -> tuple[Named, ...]:
        element = self.element(name)
        if element is None:
            return ()
        if element.text is not None:
            return (Named("*", element, element.text),)
        return tuple(
            Named(member.name, item, item.text)
            for member in element.members
            for item in At(member.node, (*element.path, member.name)).items
            if item.text is not None
        )

    def _conditions(self, condition: At) -> Iterator[Condition]:
        for operator in condition.members:
            at = At(operator.node, (*condition.path, operator.name))
            # INVARIANT: the pattern matches every text, its middle part takes what is left.
            quantifier, base, suffix = _OPERATOR.fullmatch(operator.name.lower()).groups()  # type: ignore[union-attr]
            found = named(operator.name)
            for key in at.members:
                path = (*at.path, key.name)
                yield Condition(
                    self.document.name(operator.name, operator.at, at.path),
                    *(quantifier or "", base, suffix is not None),
                    found.operator if found else None,
                    self.document.name(key.name, key.at, path),
                    At(key.node, path),
                )


@dataclass(frozen=True)  # no slots: what is found once is kept
class Document:
    """A whole policy.

    Attributes:
        kind: As in `Policy.parse`.
    """

    text: str
    kind: str
    root: At

    @classmethod
    def of(cls, text: str, kind: str) -> "Document":
        """Read it.

        Raises:
            PolicyError: it is not JSON.
        """
        return cls(text, kind, At(read(text), ()))

    @cached_property
    def version(self) -> str:
        """As judged: what is missing or unknown is the oldest."""
        version = self.root.member("Version")
        known = version.text if version and version.text in VERSIONS else None
        return known or OLDEST

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """Every statement that is an object."""
        body = self.root.member("Statement")
        items = body.items if body else ()
        return tuple(Statement(self, at) for at in items if isinstance(at.node.value, Members))

    def name(self, name: str, at: int, path: Path) -> At:
        """The place of a member's name, quotes included."""
        found = _STRING.match(self.text, at)
        return At(Node(name, at, found.end() if found else at), path)


def quoted(text: str) -> str:
    """Text as JSON, with escapes where a terminal or an encoder would stumble."""
    return json.dumps(text, ensure_ascii=not text.isprintable())
