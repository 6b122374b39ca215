"""The strict reading of a document, done when it is stored."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from doorward.errors import PolicyError
from doorward.policy.document import KINDS, VERSIONS, Policy
from doorward.policy.elements import (
    NAMES_NOBODY,
    action_fault,
    operator_fault,
    principal_fault,
    resource_fault,
    value_fault,
)
from doorward.policy.faults import Fault, Place, phase
from doorward.policy.rcp import rcp_action_fault
from doorward.policy.source import Items, Member, Members, Node, Number, fault, read
from doorward.policy.variables import CURRENT

_TOP: Final = ("Version", "Id", "Statement")
_PAIRS: Final = ("Principal", "Action", "Resource")
_IN_STATEMENT: Final = frozenset(
    {"Sid", "Effect", "Condition", *_PAIRS, *(f"Not{name}" for name in _PAIRS)}
)
_STRICT_SIDS: Final = frozenset({"identity", "boundary", "session", "trust", "scp", "rcp"})
_SID: Final = re.compile(r"[A-Za-z0-9]*+")
_FREE_SID: Final = re.compile(r".*+", re.DOTALL)
_REQUIRED: Final = {
    "resource": _PAIRS,
    "endpoint": _PAIRS,
    "rcp": _PAIRS,
    "trust": ("Principal", "Action"),
}
_LISTS: Final = ("Action", "Resource")
_NOBODY: Final = ("Principal", "NotPrincipal")
_FORBIDDEN: Final[Mapping[str, tuple[str, ...]]] = {
    "resource": (),
    "endpoint": (),
    "trust": ("NotPrincipal", "Resource", "NotResource"),
    "rcp": ("NotPrincipal", "NotAction"),
}


def check(policy_or_text: Policy | str, kind: str | None = None) -> None:
    """Refuse a document that must not be stored: its first fault of the earliest phase.

    Args:
        policy_or_text: The document.
        kind: As in `Policy.parse`; by default the policy's own, or `identity`.

    Raises:
        PolicyError: with the reason, the path, and the exact line and column.
    """
    own = policy_or_text.kind if isinstance(policy_or_text, Policy) else "identity"
    text = policy_or_text.text if isinstance(policy_or_text, Policy) else policy_or_text
    if (kind or own) not in KINDS:
        raise PolicyError(f'"{kind}" is not a kind of policy')
    root = read(text)
    place = Place(text, kind or own, _version(text, root), [])
    _document(place, root)
    if place.found:
        first = min(place.found, key=lambda each: phase(each.fault.kind))
        raise first.place.fault(first.node, first.fault.reason, first.fault.kind)


def _document(place: Place, root: Node) -> None:
    members = _members(place, root, "a policy is a JSON object")
    _known(place, members, _TOP)
    _text_if_present(place, members, "Id")
    statements = members.get("Statement")
    if statements is None:
        raise place.fault(root, "a policy needs a Statement")
    _statements(place.inside("Statement"), statements)


def _version(text: str, root: Node) -> str:
    node = root.value.get("Version") if isinstance(root.value, Members) else None
    if node is None:
        return VERSIONS[-1]
    if not isinstance(node.value, str) or node.value not in VERSIONS:
        reason = f"Version is {' or '.join(VERSIONS)}"
        raise fault(text, node.start, reason, "Version", kind="version")
    return str(node.value)


def _members(place: Place, node: Node, reason: str) -> Members:
    if not isinstance(node.value, Members):
        raise place.fault(node, reason)
    return node.value


def _known(place: Place, members: Members, names: tuple[str, ...] | frozenset[str]) -> None:
    for member in members:
        if member.name not in names:
            reason = f'unknown element "{member.name[:40]}"'
            raise place.inside(member.name).fault(_name(member), reason, "element")


def _name(member: Member) -> Node:
    return Node(member.name, member.at, member.node.end)


def _text_if_present(place: Place, members: Members, name: str) -> str | None:
    node = members.get(name)
    if node is None:
        return None
    if not isinstance(node.value, str) or isinstance(node.value, Number):
        raise place.inside(name).fault(node, f"{name} is a string")
    return node.value


def _statements(place: Place, node: Node) -> None:
    if isinstance(node.value, Members):
        _statement(place, node)
        return
    if not isinstance(node.value, Items) or not node.value:
        raise place.fault(node, "Statement is an object, or a list of at least one")
    sids: set[str] = set()
    for index, one in enumerate(node.value):
        sid = _statement(place.inside(index), one)
        if sid and sid in sids and place.kind in _STRICT_SIDS:
            found = Fault("sid-duplicate", f'Sid "{sid[:40]}" stands twice')
            place.inside(index, "Sid").report(one, found)
        sids.add(sid)


def _statement(place: Place, node: Node) -> str:
    """Check one statement; its Sid, or the empty text."""
    members = _members(place, node, "a statement is an object")
    _known(place, members, _IN_STATEMENT)
    sid = _sid(place, members)
    _effect(place, node, members)
    _prohibitions(place, members)
    for name in _PAIRS:
        _presence(place, node, members, name)
    _no_grant_to_the_rest(place, members)
    forbidden = _FORBIDDEN.get(place.kind, _NOBODY)
    for member in members:
        check_one = _CHECKS.get(member.name)
        if check_one and member.name not in forbidden:
            check_one(place.inside(member.name), member.node)
    return sid


def _sid(place: Place, members: Members) -> str:
    sid = _text_if_present(place, members, "Sid") or ""
    allowed = _SID if place.kind in _STRICT_SIDS else _FREE_SID
    node = members.get("Sid")
    if node is not None and not allowed.fullmatch(sid):
        found = Fault("sid-form", "a Sid holds letters and digits only")
        place.inside("Sid").report(node, found)
    return sid


def _effect(place: Place, node: Node, members: Members) -> None:
    effect = members.get("Effect")
    if effect is None:
        raise place.fault(node, "a statement needs Effect", "no-effect")
    allowed = ("Deny",) if place.kind == "rcp" else ("Allow", "Deny")
    if effect.value not in allowed:
        wanted = " or ".join(f'"{one}"' for one in allowed)
        found = Fault(_effect_kind(effect), f"Effect is {wanted}")
        place.inside("Effect").report(effect, found)


def _effect_kind(effect: Node) -> str:
    """A word of another case is a fault of its own."""
    cased = isinstance(effect.value, str) and effect.value.title() in {"Allow", "Deny"}
    return "effect-case" if cased else "effect"


def _prohibitions(place: Place, members: Members) -> None:
    for name in _FORBIDDEN.get(place.kind, _NOBODY):
        reason = "does not belong into this kind of policy"
        _absent(place, members, name, reason, f"{name.removeprefix('Not').lower()}-not-allowed")


def _presence(place: Place, node: Node, members: Members, name: str) -> None:
    """One of a pair, and something in it, where this kind of policy asks for it."""
    used = name if members.get(name) is not None else f"Not{name}"
    if used == name and f"Not{name}" not in _FORBIDDEN.get(place.kind, _NOBODY):
        _absent(place, members, f"Not{name}", f"excludes {name}", "both")
    given = members.get(used)
    if given is None and name in _REQUIRED.get(place.kind, _LISTS):
        place.report(node, Fault(f"no-{name.lower()}", f"a statement needs {name}"))
    if given is not None and given.value == () and name in _LISTS:
        found = Fault(f"no-{name.lower()}", f"{used} is a string or a list of at least one")
        place.inside(used).report(given, found)


def _no_grant_to_the_rest(place: Place, members: Members) -> None:
    """An Allow with NotPrincipal would grant to everyone else, anonymous callers included."""
    effect = members.get("Effect")
    if effect and effect.value == "Allow":
        _absent(place, members, "NotPrincipal", "stands in a Deny only", "principal-not-allowed")


def _absent(place: Place, members: Members, name: str, reason: str, kind: str) -> None:
    node = members.get(name)
    if node is not None:
        place.inside(name).report(node, Fault(kind, f"{name} {reason}"))


def _listed(place: Place, node: Node) -> tuple[Node, ...]:
    if isinstance(node.value, Members):
        raise place.fault(node, "expected a value, or a list of at least one")
    return node.value if isinstance(node.value, Items) else (node,)


def _texts(place: Place, node: Node) -> Iterator[tuple[Node, str]]:
    """The strings of an element that is one string or a list of them."""
    for one in _listed(place, node):
        if not isinstance(one.value, str) or isinstance(one.value, Number):
            raise place.fault(one, f"{place.path[-1]} is a string or a list of strings")
        yield one, one.value


def _actions(place: Place, node: Node) -> None:
    for one, action in _texts(place, node):
        found = action_fault(action, place.kind)
        if not found and place.kind == "rcp":
            found = rcp_action_fault(action)
        place.report(one, found)


def _resources(place: Place, node: Node) -> None:
    for one, resource in _texts(place, node):
        place.report(one, resource_fault(resource, variables=place.version == CURRENT))


def _principal(place: Place, node: Node) -> None:
    if node.value == "*" and not isinstance(node.value, Number):
        if place.kind == "trust":
            raise place.fault(node, 'a trust policy may not name "*" alone')
        return
    members = _members(place, node, f'{place.path[-1]} is "*" or an object')
    if not members:
        raise place.fault(node, NAMES_NOBODY)
    for member in members:
        _names(place.inside(member.name), member)
    if place.kind == "rcp" and not _is_every_aws(members):
        raise place.fault(node, 'Principal is "*" or {"AWS": "*"} in a resource control policy')


def _names(place: Place, member: Member) -> None:
    if member.node.value == ():
        raise place.fault(member.node, "expected a value, or a list of at least one")
    for one, name in _texts(place, member.node):
        place.report(one, principal_fault(member.name, name, place.kind))


def _is_every_aws(members: Members) -> bool:
    return len(members) == 1 and members[0].name == "AWS" and members[0].node.value == "*"


def _condition(place: Place, node: Node) -> None:
    for operator in _members(place, node, "Condition is an object of operators"):
        at = place.inside(operator.name)
        keys = _members(at, operator.node, "an operator holds an object of condition keys")
        # AWS: an operator over nothing may have any name; recorded.
        if keys:
            at.report(_name(operator), operator_fault(operator.name))
        for key in keys:
            _values(at.inside(key.name), operator.name, key.node)


def _values(place: Place, operator: str, node: Node) -> None:
    """The values of one key, of which there may be none; recorded."""
    for one in _listed(place, node):
        value = _spelled(place, one)
        place.report(one, value_fault(operator, value, place.kind, place.version))


def _spelled(place: Place, node: Node) -> str:
    if isinstance(node.value, bool):
        return "true" if node.value else "false"
    if isinstance(node.value, str):
        return node.value
    raise place.fault(node, "a value is a string, a number or a boolean")


_CHECKS: Final = {
    "Principal": _principal,
    "NotPrincipal": _principal,
    "Action": _actions,
    "NotAction": _actions,
    "Resource": _resources,
    "NotResource": _resources,
    "Condition": _condition,
}
