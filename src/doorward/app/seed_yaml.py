"""YAML to plain values, bounded, with the line of every part.

Scalars stay text: what they mean is said by the field they stand in, so neither an account id of
twelve digits nor `Version: 2012-10-17` is taken for a number or a date.
"""

from collections.abc import Iterator
from typing import Any

import yaml

LARGEST = 16 * 1024 * 1024
DEEPEST = 64
Path = tuple[str | int, ...]
Lines = dict[Path, int]

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class BadYaml(Exception):  # noqa: N818 - read aloud it is what it is
    """A text that is no YAML we take.

    Attributes:
        line: From 1.
        reason: One clause.
    """

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line = line
        self.reason = reason


def read_yaml(text: str) -> tuple[Any, Lines]:
    """Read one document; mappings, lists, texts and None.

    Raises:
        BadYaml: no YAML, more than one document, a repeated name, or beyond the bounds.
    """
    if len(text) > LARGEST:
        raise BadYaml(1, f"the file is longer than {LARGEST} characters")
    lines: Lines = {(): 1}
    events = _events(text)
    first = next(events, None)
    value = None if first is None else _value(first, events, (), lines)
    if (more := next(events, None)) is not None:
        raise BadYaml(_line(more), "there is a second document")
    return value, lines


def _events(text: str) -> Iterator[Any]:
    """What stands in the documents, without the marks of beginning and end."""
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                raise BadYaml(_line(event), "anchors and aliases are not taken")
            if isinstance(event, yaml.NodeEvent | yaml.CollectionEndEvent):
                yield event
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = " ".join(part for part in (error.context, error.problem) if part)
        raise BadYaml(mark.line + 1 if mark else 1, reason) from None
    except yaml.YAMLError as error:
        raise BadYaml(1, str(error).replace("\n", " ")) from None


def _value(event: Any, events: Iterator[Any], path: Path, lines: Lines) -> Any:
    if len(path) > DEEPEST:
        raise BadYaml(_line(event), f"nested deeper than {DEEPEST}")
    lines[path] = _line(event)
    if isinstance(event, yaml.ScalarEvent):
        is_plain = event.style in {None, ""}
        return None if is_plain and event.value in _NULLS else event.value
    if isinstance(event, yaml.SequenceStartEvent):
        return _sequence(events, path, lines)
    return _mapping(events, path, lines)


def _sequence(events: Iterator[Any], path: Path, lines: Lines) -> list[Any]:
    found: list[Any] = []
    while not isinstance(event := next(events), yaml.SequenceEndEvent):
        found.append(_value(event, events, (*path, len(found)), lines))
    return found


def _mapping(events: Iterator[Any], path: Path, lines: Lines) -> dict[str, Any]:
    found: dict[str, Any] = {}
    while not isinstance(event := next(events), yaml.MappingEndEvent):
        if not isinstance(event, yaml.ScalarEvent):
            raise BadYaml(_line(event), "a name must be plain text")
        name = event.value
        if name in found:
            raise BadYaml(_line(event), f"{name} stands here twice")
        found[name] = _value(next(events), events, (*path, name), lines)
        lines[*path, name] = _line(event)
    return found


def _line(event: Any) -> int:
    line: int = event.start_mark.line + 1
    return line
