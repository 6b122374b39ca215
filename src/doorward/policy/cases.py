"""Decision cases: one question and every policy with a say in it, as one line of JSON.

`docs/asking.md` describes the form. It is read strictly, since a field that was overlooked could be
the one that denies; only the policies in it may be anything, and what cannot be read denies.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from doorward.errors import PolicyError
from doorward.policy.arn import Arn
from doorward.policy.document import Policy
from doorward.policy.request import Attached, Context, Policies, Principal, Request
from doorward.policy.variables import Values


@dataclass(frozen=True, slots=True)
class Case:
    """One question, and everything its answer depends on."""

    id: str
    request: Request
    policies: Policies


def read_case(line: str) -> Case:
    """Read one line.

    Raises:
        PolicyError: the line is not a case; a policy in it that cannot be read is none.
    """
    _refuse_other_than_json(line)
    fields = _members(line.strip(_BLANK), "", _CASE)
    # Nothing is set by a setting yet, and one that is passed over could be what decides.
    if "settings" in fields and _data(fields["settings"]) not in ({}, None):
        raise PolicyError("there are no settings", path="settings")
    request = _request(fields["request"])
    kind = "trust" if request.folded.startswith("sts:") else "resource"
    return Case(_text(fields["id"], "id"), request, _policies(fields["policies"], kind))


def case_id(line: str) -> str | None:
    """The id of a line that is no case, where it has one."""
    try:
        data = _DECODER.decode(line)
    except (ValueError, RecursionError):
        return None
    found = data.get("id") if isinstance(data, dict) else None
    return found if isinstance(found, str) else None


# -- the form ------------------------------------------------------------------------------------

Members = Mapping[str, bool]
"""The names an object may have, and whether it must."""

_CASE: Final[Members] = {
    "id": True,
    "request": True,
    "policies": True,
    "settings": False,
    "tags": False,
    "expected": False,
}
_REQUEST: Final[Members] = {
    "principal": True,
    "action": True,
    "resource": True,
    "resource_account": True,
    "context": True,
    "wildcard_only_action": False,
}
_POLICIES: Final[Members] = dict.fromkeys(
    ("identity", "resource", "boundary", "session", "endpoint", "scp", "rcp"), True
)
_ACTION: Final = re.compile(r"[A-Za-z0-9-]+:[A-Za-z0-9_.-]+")
_ACCOUNT: Final = re.compile(r"[0-9]{12}")


def _request(raw: str) -> Request:
    fields = _members(raw, "request", _REQUEST)
    principal = _data(fields["principal"])
    if principal is not None and not isinstance(principal, str):
        raise PolicyError("expected a string or null", path="request.principal")
    try:
        caller = Principal.from_arn(principal)
    except PolicyError as error:
        raise PolicyError(error.reason, path="request.principal") from None
    return Request(
        caller,
        _text(fields["action"], "request.action", _ACTION.fullmatch, "service:Action"),
        _resource(fields),
        _text(
            fields["resource_account"],
            "request.resource_account",
            _ACCOUNT.fullmatch,
            "twelve digits",
        ),
        _context(fields["context"]),
    )


def _resource(fields: Mapping[str, str]) -> str:
    text = _text(fields["resource"], "request.resource", _is_resource, "an ARN or *")
    wild = _data(fields.get("wildcard_only_action", "false"))
    if not isinstance(wild, bool):
        raise PolicyError("expected true or false", path="request.wildcard_only_action")
    return "*" if wild else text


def _is_resource(text: str) -> bool:
    return text == "*" or Arn.parse(text) is not None


def _context(raw: str) -> Context:
    context = Context()
    for key, value in _members(raw, "request.context").items():
        folded = key.lower()
        if folded in context:
            raise PolicyError("the key stands twice", path=f"request.context.{key}")
        context[folded] = _values(_data(value), f"request.context.{key}")
    return context


def _values(value: Any, path: str) -> Values:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return tuple(value)
    raise PolicyError("expected a string or a list of strings", path=path)


def _policies(raw: str, kind: str) -> Policies:
    fields = _members(raw, "policies", _POLICIES)
    resource = fields["resource"]
    return Policies(
        identity=_documents(fields["identity"], "identity"),
        resource=None if resource == "null" else (_attached(resource, kind, "resource"),),
        boundary=_optional(fields["boundary"], "boundary", single=True),
        session=_optional(fields["session"], "session"),
        endpoint=_optional(fields["endpoint"], "endpoint", single=True),
        scp=_levels(fields["scp"], "scp"),
        rcp=_levels(fields["rcp"], "rcp"),
    )


def _optional(raw: str, kind: str, *, single: bool = False) -> tuple[Attached, ...] | None:
    if raw == "null":
        return None
    found = _documents(raw, kind)
    if single and len(found) != 1:
        raise PolicyError("expected null or a list of one", path=f"policies.{kind}")
    return found


def _levels(raw: str, kind: str) -> tuple[tuple[Attached, ...], ...]:
    return tuple(
        _documents(level, kind, f"{kind}[{number}]")
        for number, level in enumerate(_items(raw, f"policies.{kind}"))
    )


def _documents(raw: str, kind: str, place: str = "") -> tuple[Attached, ...]:
    """Policies under the names of their places in the case."""
    where = place or kind
    return tuple(
        _attached(text, kind, f"{where}[{number}]")
        for number, text in enumerate(_items(raw, f"policies.{where}"))
    )


def _attached(text: str, kind: str, name: str) -> Attached:
    return Attached(Policy.parse_or_deny(text, kind), name)


def _text(
    raw: str, path: str, accepts: Callable[[str], Any] | None = None, form: str = "a string"
) -> str:
    value = _data(raw)
    if not isinstance(value, str) or (accepts and not accepts(value)):
        raise PolicyError(f"expected {form}", path=path)
    return value


# -- JSON, with the text of each value -----------------------------------------------------------


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_BLANK: Final = " \t\n\r"
# A case holds no number but in policies, whose text is kept; `int` would refuse a very long one.
_DECODER: Final = json.JSONDecoder(parse_int=float, parse_constant=_no_constant)
_scan: Final = _DECODER.raw_decode
_data: Final = _DECODER.decode


def _refuse_other_than_json(line: str) -> None:
    try:
        _data(line)
    except RecursionError:
        raise PolicyError("nested too deeply") from None
    except ValueError as error:
        raise PolicyError(f"not JSON: {error}") from None


def _members(raw: str, path: str, known: Members | None = None) -> dict[str, str]:
    """The values of an object as they are written; of known names, where these are given."""
    if not raw.startswith("{"):
        raise PolicyError("expected an object", path=path)
    found: dict[str, str] = {}
    for name, text in _values_in(raw):
        where = f"{path}.{name}" if path else name
        if name in found:
            raise PolicyError("stands twice", path=where)
        if known is not None and name not in known:
            raise PolicyError("unknown field", path=where)
        found[name] = text
    for name, required in (known or {}).items():
        if required and name not in found:
            raise PolicyError("missing", path=f"{path}.{name}" if path else name)
    return found


def _items(raw: str, path: str) -> list[str]:
    """The values of a list as they are written."""
    if not raw.startswith("["):
        raise PolicyError("expected a list", path=path)
    return [text for _, text in _values_in(raw)]


def _values_in(raw: str) -> Iterator[tuple[str, str]]:
    """The values of an object or a list, which is known to be JSON, each with its name."""
    named, name = raw[0] == "{", ""
    at = _next(raw, 1)
    while raw[at] not in "]}":
        if named:
            name, colon = _scan(raw, at)
            at = _next(raw, _next(raw, colon) + 1)
        _, end = _scan(raw, at)
        yield name, raw[at:end]
        at = _next(raw, end)
        if raw[at] == ",":
            at = _next(raw, at + 1)


def _next(raw: str, at: int) -> int:
    while raw[at] in _BLANK:
        at += 1
    return at
