"""Parameters against the model's constraints, refused in AWS's words."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from doorward.catalog.models import OperationModel, Shape, snake
from doorward.errors import AwsError
from doorward.wire.constraints import NOT_NULL, Constraint, constraints, map_order
from doorward.wire.errors import SerializationException, ValidationError, ValidationException
from doorward.wire.organizations import refusal
from doorward.wire.route import Route
from doorward.wire.violations import MOST_LISTED, Violation, sentence_of

Check = Callable[[Any, str, list[Violation]], None]
"""Takes a present value, its path and the list that violations are added to."""

# Left to the operation, for AWS's model lists an error of its own for each.
_OWN_ERRORS = frozenset({("LookupEvents", "max_results"), ("LookupEvents", "event_category")})


def validate(route: Route, params: Mapping[str, Any]) -> None:
    """Refuse parameters that break the model's constraints.

    Args:
        route: Where the request goes.
        params: As `parse` gave them.

    Raises:
        AwsError: ValidationError; in JSON services ValidationException; in Organizations
            InvalidInputException.
    """
    found: list[Violation] = []
    try:
        for name, path, required, check in _checks(route.operation):
            _check_one(params.get(name), path, found, required, check)
    except RecursionError as error:
        raise SerializationException("The request is nested too deeply.") from error
    if found:
        raise _error(route, found[:MOST_LISTED])


def _error(route: Route, violations: list[Violation]) -> AwsError:
    if route.service.name == "organizations":
        return refusal(violations[0])
    # AWS: IAM answers `Value at 'maxItems'`, STS `Value '0' at 'maxItems'` (recorded).
    message = sentence_of(violations, names_values=route.service.name != "iam")
    is_query = route.protocol == "query"
    return ValidationError(message) if is_query else ValidationException(message)


@cache
def _checks(operation: OperationModel) -> tuple[tuple[str, str, Shape | None, Check | None], ...]:
    """What to check of each parameter: its name, its path, the shape if required, the test."""
    shape = operation.input
    checks = _member_checks(shape, snake) if shape else ()
    return tuple(each for each in checks if (operation.name, each[0]) not in _OWN_ERRORS)


def _member_checks(
    shape: Shape, naming: Callable[[str], str]
) -> Iterable[tuple[str, str, Shape | None, Check | None]]:
    said = {name[:1].lower() + name[1:]: name for name in shape.members}
    for path in map_order(said):
        name = said[path]
        member = shape.members[name]
        required, check = member if name in shape.required else None, _check(member)
        if required is not None or check is not None:
            yield naming(name), path, required, check


def _check_one(
    value: Any, path: str, found: list[Violation], required: Shape | None, check: Check | None
) -> None:
    if len(found) >= MOST_LISTED:
        return
    if value is not None:
        if check is not None:
            check(value, path, found)
    elif required is not None:
        found.append(Violation(path, None, NOT_NULL, required.sensitive))


@cache
def _check(shape: Shape) -> Check | None:
    """The test for a shape's values; None when every value passes."""
    if shape.document:
        return None
    if shape.type == "structure":
        return _structure_check(shape)
    if shape.type == "list":
        return _list_check(shape)
    if shape.type == "map":
        return _map_check(shape)
    return _own_check(shape) if constraints(shape) else None


def _own_check(shape: Shape) -> Check:
    limits, secret = constraints(shape), shape.sensitive

    def check(value: Any, path: str, found: list[Violation]) -> None:
        broken = (limit for limit in limits if not limit.holds(value))
        found.extend(Violation(path, value, limit, secret) for limit in broken)

    return check


def _structure_check(shape: Shape) -> Check:
    members: list[tuple[str, str, Shape | None, Check | None]] = []

    def check(value: Any, path: str, found: list[Violation]) -> None:
        if not members:  # A structure may contain itself, so its members wait for a value.
            members[:] = _member_checks(shape, str)
        for name, part, required, inner in members:
            _check_one(value.get(name), f"{path}.{part}", found, required, inner)

    return check


def _list_check(shape: Shape) -> Check:
    own, member = _own_check(shape), shape.member
    if member.type not in {"structure", "list", "map"}:
        each = _all_of("Member must satisfy constraint", member)
        return _with_values(own, shape, each, tuple)

    def check(value: Any, path: str, found: list[Violation]) -> None:
        own(value, path, found)
        for index, element in enumerate(value, 1):
            if len(found) >= MOST_LISTED:
                return
            _check_one(element, f"{path}.{index}.member", found, member, _check(member))

    return check


def _map_check(shape: Shape) -> Check:
    keys = _all_of("Map keys must satisfy constraint", shape.key)
    own = _with_values(_own_check(shape), shape, keys, tuple)
    if shape.value.type not in {"structure", "list", "map"}:
        values = _all_of("Map value must satisfy constraint", shape.value)
        return _with_values(own, shape, values, lambda value: value.values())

    def check(value: Any, path: str, found: list[Violation]) -> None:
        own(value, path, found)
        for key, element in value.items():
            if len(found) >= MOST_LISTED:
                return
            _check_one(element, f"{path}.{key}.member", found, shape.value, _check(shape.value))

    return check


def _all_of(words: str, shape: Shape) -> Constraint:
    """The constraints of every element in one; AWS then names the list, not the element."""
    limits = constraints(shape)
    listed = ", ".join(limit.sentence for limit in _named(shape.name, limits))
    kind = limits[0].kind if limits else NOT_NULL.kind
    return Constraint(
        kind,
        f"{words}: [{listed}]",
        lambda value: value is not None and all(limit.holds(value) for limit in limits),
    )


def _named(shape_name: str, limits: tuple[Constraint, ...]) -> tuple[Constraint, ...]:
    # AWS: of the lists recorded (tag keys, namespaces, client ids, thumbprints, filters) only
    # these say that they must not be null beside their own constraints.
    if not limits or shape_name in {"tagKeyType", "serviceNamespaceType"}:
        return (*limits, NOT_NULL)
    return limits


def _with_values(
    own: Check, shape: Shape, each: Constraint, values: Callable[[Any], Iterable[Any]]
) -> Check:
    def check(value: Any, path: str, found: list[Violation]) -> None:
        own(value, path, found)
        if not all(map(each.holds, values(value))):
            found.append(Violation(path, value, each, shape.sensitive))

    return check
