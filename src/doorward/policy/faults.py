"""What speaks against a document: each fault has its phase and its place."""

from enum import IntEnum
from typing import Final, NamedTuple

from doorward.errors import PolicyError
from doorward.policy.document import spelled
from doorward.policy.source import Node, fault


class Phase(IntEnum):
    """When AWS asks; of several faults the one of the earliest phase is told.

    A managed policy is asked for its version right after its syntax. Source: recorded answers to
    odd documents, 2026-02.
    """

    SYNTAX = 0
    LEGACY = 1
    SIDS = 2
    PRESENCE = 3
    RESOURCES = 4
    ACTIONS = 5


_PHASES: Final = {
    "effect-case": Phase.LEGACY,
    "value": Phase.LEGACY,
    "resource-legacy": Phase.LEGACY,
    "sid-form": Phase.SIDS,
    "sid-duplicate": Phase.SIDS,
    "principal-not-allowed": Phase.PRESENCE,
    "resource-not-allowed": Phase.PRESENCE,
    "no-principal": Phase.PRESENCE,
    "no-action": Phase.PRESENCE,
    "no-resource": Phase.PRESENCE,
    "resource-form": Phase.RESOURCES,
    "resource-partition": Phase.RESOURCES,
    "resource-vendor": Phase.RESOURCES,
    "resource-region": Phase.RESOURCES,
    "resource-region-iam": Phase.RESOURCES,
    "resource-path": Phase.RESOURCES,
    "action-vendor": Phase.ACTIONS,
    "action-colons": Phase.ACTIONS,
    "vendor": Phase.ACTIONS,
    "vendor-wildcard": Phase.ACTIONS,
    "action-not-sts": Phase.ACTIONS,
    "action-not-rcp": Phase.ACTIONS,
}


def phase(kind: str) -> Phase:
    """When AWS asks for this kind of fault; what has no phase of its own is syntax."""
    return _PHASES.get(kind, Phase.SYNTAX)


class Fault(NamedTuple):
    """Why something may not be stored; `kind` is the stable word of `PolicyError.fault`."""

    kind: str
    reason: str


class Found(NamedTuple):
    """A fault of a later phase than syntax, and where."""

    place: "Place"
    node: Node
    fault: Fault


class Place(NamedTuple):
    """The document, where in it the check is, and what it found so far."""

    text: str
    kind: str
    version: str
    found: list[Found]
    path: tuple[str | int, ...] = ()

    def inside(self, *steps: str | int) -> "Place":
        """The place further down."""
        return self._replace(path=(*self.path, *steps))

    def fault(self, node: Node, reason: str, kind: str = "") -> PolicyError:
        """The error that points at this node."""
        value = node.value if isinstance(node.value, str) else ""
        return fault(self.text, node.start, reason, spelled(self.path), kind=kind, value=value)

    def report(self, node: Node, found: Fault | None) -> None:
        """Refuse wrong syntax at once; keep what AWS asks later until the whole is read."""
        if found and phase(found.kind) is Phase.SYNTAX:
            raise self.fault(node, found.reason, found.kind)
        if found:
            self.found.append(Found(self, node, found))
