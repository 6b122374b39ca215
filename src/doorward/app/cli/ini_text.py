"""Sections of an AWS configuration file as text, so that comments and order are kept."""

import re
from collections.abc import Iterable, Mapping

_NAME = re.compile(r"[A-Za-z0-9._@+=-]{1,128}")
_HEAD = re.compile(r"\s*\[\s*([^\]]*?)\s*\]")


def valid_name(name: str) -> bool:
    """Whether a profile may be called that."""
    return _NAME.fullmatch(name) is not None


def has_section(text: str, name: str) -> bool:
    """Whether the section is there."""
    return any(_named(line) == name for line in text.splitlines())


def with_section(text: str, name: str, values: Mapping[str, str]) -> str:
    """The text with the section at its end, and no other of that name."""
    kept = "".join(_without(text.splitlines(keepends=True), name))
    if kept and not kept.endswith("\n"):
        kept += "\n"
    gap = "\n" if kept.strip() else ""
    body = "".join(f"{key} = {value}\n" for key, value in values.items())
    return f"{kept}{gap}[{name}]\n{body}"


def _without(lines: Iterable[str], name: str) -> Iterable[str]:
    inside = False
    for line in lines:
        head = _named(line)
        inside = head == name if head is not None else inside
        if not inside:
            yield line


def _named(line: str) -> str | None:
    """The name a line opens a section with, blanks as one."""
    head = _HEAD.match(line)
    return " ".join(head[1].split()) if head else None
