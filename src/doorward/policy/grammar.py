"""The strict reading of a document, done when it is stored."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from doorward.errors import PolicyError
from doorward.policy.document import KINDS, VERSIONS, Policy, spelled
from doorward.policy.elements import (
    NAMES_NOBODY,
    action_fault,
    operator_fault,
    principal_fault,
    resource_fault,
    value_fault,
)
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
_EMPTY: Final = {
    "Action": "no-action",
    "NotAction": "no-action",
    "Resource": "no-resource",
    "NotResource": "no-resource",
}
_FORBIDDEN: Final = {
    "trust": ("NotPrincipal", "Resource", "NotResource"),
    "rcp": ("NotPrincipal", "NotAction"),
}


class _Place(NamedTuple):
    """The document, and where in it the check is."""

    text: str
    kind: str
    version: str
    path: tuple[str | int, ...] = ()

    def inside(self, *steps: str | int) -> "_Place":
        return self._replace(path=(*self.path, *steps))

    def fault(self, node: Node, reason: str, kind: str = "") -> PolicyError:
        return fault(self.text, node.start, reason, spelled(self.path), kind=kind)


def check(policy_or_text: Policy | str, kind: str | None = None) -> None:
    """Refuse a document that must not be stored, at its first fault.

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
    place = _Place(text, kind or own, _version(text, root))
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


def _members(place: _Place, node: Node, reason: str) -> Members:
    if not isinstance(node.value, Members):
        raise place.fault(node, reason)
    return node.value


def _known(place: _Place, members: Members, names: tuple[str, ...] | frozenset[str]) -> None:
    for member in members:
        if member.name not in names:
            node = member.node._replace(start=member.at)
            reason = f'unknown element "{member.name[:40]}"'
            raise place.inside(member.name).fault(node, reason, "element")


def _text_if_present(place: _Place, members: Members, name: str) -> str | None:
    node = members.get(name)
    if node is None:
        return None
    if not isinstance(node.value, str) or isinstance(node.value, Number):
        raise place.inside(name).fault(node, f"{name} is a string")
    return node.value


def _statements(place: _Place, node: Node) -> None:
    if isinstance(node.value, Members):
        _statement(place, node)
        return
    if not isinstance(node.value, Items) or not node.value:
        raise place.fault(node, "Statement is an object, or a list of at least one")
    sids: set[str] = set()
    for index, one in enumerate(node.value):
        sid = _statement(place.inside(index), one)
        if sid and sid in sids and place.kind in _STRICT_SIDS:
            reason = f'Sid "{sid[:40]}" stands twice'
            raise place.inside(index, "Sid").fault(one, reason, "sid-duplicate")
        sids.add(sid)


def _statement(place: _Place, node: Node) -> str:
    """Check one statement; its Sid, or the empty text."""
    members = _members(place, node, "a statement is an object")
    _known(place, members, _IN_STATEMENT)
    sid = _sid(place, members)
    _effect(place, node, members)
    _presence(place, node, members)
    _no_grant_to_the_rest(place, members)
    for member in members:
        check_one = _CHECKS.get(member.name)
        if check_one:
            check_one(place.inside(member.name), member.node)
    return sid


def _sid(place: _Place, members: Members) -> str:
    sid = _text_if_present(place, members, "Sid") or ""
    allowed = _SID if place.kind in _STRICT_SIDS else _FREE_SID
    node = members.get("Sid")
    if node is not None and not allowed.fullmatch(sid):
        raise place.inside("Sid").fault(node, "a Sid holds letters and digits only", "sid-form")
    return sid


def _effect(place: _Place, node: Node, members: Members) -> None:
    effect = members.get("Effect")
    if effect is None:
        raise place.fault(node, "a statement needs Effect", "no-effect")
    allowed = ("Deny",) if place.kind == "rcp" else ("Allow", "Deny")
    if effect.value not in allowed:
        wanted = " or ".join(f'"{one}"' for one in allowed)
        raise place.inside("Effect").fault(effect, f"Effect is {wanted}", _effect_kind(effect))


def _effect_kind(effect: Node) -> str:
    """A word of another case is a fault of its own."""
    cased = isinstance(effect.value, str) and effect.value.title() in {"Allow", "Deny"}
    return "effect-case" if cased else "effect"


def _presence(place: _Place, node: Node, members: Members) -> None:
    """Each pair once, as this kind of policy asks."""
    required = _REQUIRED.get(place.kind, ("Action", "Resource"))
    forbidden = _FORBIDDEN.get(place.kind, ())
    if "Principal" not in required:
        forbidden = ("Principal", "NotPrincipal")
    for name in forbidden:
        reason = "does not belong into this kind of policy"
        _absent(place, members, name, reason, f"{name.removeprefix('Not').lower()}-not-allowed")
    for name in _PAIRS:
        if members.get(name) is not None:
            _absent(place, members, f"Not{name}", f"excludes {name}", "both")
        elif name in required and members.get(f"Not{name}") is None:
            raise place.fault(node, f"a statement needs {name}", f"no-{name.lower()}")


def _no_grant_to_the_rest(place: _Place, members: Members) -> None:
    """An Allow with NotPrincipal would grant to everyone else, anonymous callers included."""
    effect = members.get("Effect")
    if effect and effect.value == "Allow":
        _absent(place, members, "NotPrincipal", "stands in a Deny only", "principal-not-allowed")


def _absent(place: _Place, members: Members, name: str, reason: str, kind: str) -> None:
    node = members.get(name)
    if node is not None:
        raise place.inside(name).fault(node, f"{name} {reason}", kind)


def _listed(place: _Place, node: Node) -> tuple[Node, ...]:
    if isinstance(node.value, Members) or node.value == ():
        reason = "expected a value, or a list of at least one"
        raise place.fault(node, reason, _EMPTY.get(str(place.path[-1]), ""))
    return node.value if isinstance(node.value, Items) else (node,)


def _texts(place: _Place, node: Node) -> Iterator[tuple[Node, str]]:
    """The strings of an element that is one string or a list of at least one."""
    for one in _listed(place, node):
        if not isinstance(one.value, str) or isinstance(one.value, Number):
            raise place.fault(one, f"{place.path[-1]} is a string or a list of strings")
        yield one, one.value


def _actions(place: _Place, node: Node) -> None:
    for one, action in _texts(place, node):
        found = action_fault(action, place.kind)
        if not found and place.kind == "rcp":
            found = rcp_action_fault(action)
        if found:
            raise place.fault(one, found.reason, found.kind)


def _resources(place: _Place, node: Node) -> None:
    for one, resource in _texts(place, node):
        found = resource_fault(resource, variables=place.version == CURRENT)
        if found:
            raise place.fault(one, found.reason, found.kind)


def _principal(place: _Place, node: Node) -> None:
    if node.value == "*" and not isinstance(node.value, Number):
        if place.kind == "trust":
            raise place.fault(node, 'a trust policy may not name "*" alone')
        return
    members = _members(place, node, f'{place.path[-1]} is "*" or an object')
    if not members:
        raise place.fault(node, NAMES_NOBODY)
    for member in members:
        for one, name in _texts(place.inside(member.name), member.node):
            found = principal_fault(member.name, name, place.kind)
            if found:
                raise place.inside(member.name).fault(one, found.reason, found.kind)
    if place.kind == "rcp" and not _is_every_aws(members):
        raise place.fault(node, 'Principal is "*" or {"AWS": "*"} in a resource control policy')


def _is_every_aws(members: Members) -> bool:
    return len(members) == 1 and members[0].name == "AWS" and members[0].node.value == "*"


def _condition(place: _Place, node: Node) -> None:
    for member in _members(place, node, "Condition is an object of operators"):
        at, found = place.inside(member.name), operator_fault(member.name)
        if found:
            raise at.fault(member.node._replace(start=member.at), found.reason, found.kind)
        _keys(at, member)


def _keys(place: _Place, operator: Member) -> None:
    for key in _members(place, operator.node, "an operator holds an object of condition keys"):
        at = place.inside(key.name)
        if ":" not in key.name:
            named = key.node._replace(start=key.at)
            raise at.fault(named, "a condition key begins with its service", "action-vendor")
        for one, value in _values(at, key.node):
            found = value_fault(operator.name, value, place.kind, place.version)
            if found:
                raise at.fault(one, found.reason, found.kind)


def _values(place: _Place, node: Node) -> Iterator[tuple[Node, str]]:
    """The values of one key as text, of which there is at least one."""
    for one in _listed(place, node):
        if isinstance(one.value, bool):
            yield one, "true" if one.value else "false"
        elif isinstance(one.value, str):
            yield one, one.value
        else:
            raise place.fault(one, "a value is a string, a number or a boolean")


_CHECKS: Final = {
    "Principal": _principal,
    "NotPrincipal": _principal,
    "Action": _actions,
    "NotAction": _actions,
    "Resource": _resources,
    "NotResource": _resources,
    "Condition": _condition,
}
