"""One condition block as a closure: missing keys, negation, sets and variables, done once."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NamedTuple, TypeAlias

from doorward.policy.conditions.arns import arn_like, arn_test
from doorward.policy.conditions.bool_null import truth
from doorward.policy.conditions.strings import string_equals, string_like
from doorward.policy.conditions.table import OPERATORS, Compare, Operator, Unsure
from doorward.policy.fields import Condition
from doorward.policy.match import Pattern, glob
from doorward.policy.variables import (
    Template,
    Values,
    fill,
    fixed,
    literal,
    parts,
    pattern,
    template,
)

Keys: TypeAlias = Mapping[str, Values]
Test: TypeAlias = Callable[[Keys], bool]
_Finds: TypeAlias = Callable[[str, Keys], bool | None]
_Ready: TypeAlias = Callable[[str], bool | None]

_NO_ARN: Final[Pattern] = ("arn:",)
# SPEED: thousands of patterns in one policy push each other out of the memory that `glob` has.
_READY: Final[Mapping[Compare, Callable[[Any], _Ready]]] = {
    string_like: glob,
    arn_like: arn_test,
}
"""Comparisons whose policy side is made ready once, with the statement."""
_NAME: Final = re.compile(r"(?:(forallvalues|foranyvalue):)?(.*?)(ifexists)?", re.DOTALL)


class Named(NamedTuple):
    """An operator's name taken apart.

    Attributes:
        quantifier: `forallvalues`, `foranyvalue` or empty.
        operator: `None` for `Null`.
    """

    quantifier: str
    operator: Operator | None
    if_exists: bool


def named(name: str) -> Named | None:
    """Take a name apart; `None` where there is no such operator."""
    found = _NAME.fullmatch(name.lower())
    quantifier, base, if_exists = found.groups() if found else ("", "", "")
    if base == "null":
        return None if quantifier or if_exists else Named("", None, if_exists=False)
    known = OPERATORS.get(base)
    return Named(quantifier or "", known, if_exists=bool(if_exists)) if known else None


def compile_condition(condition: Condition, version: str, *, deny: bool) -> Test | None:
    """The test of one operator and one key, as it counts in a statement of this effect.

    `None` where the operator is unknown: it counts as false in an Allow, as true in a Deny.
    """
    name = named(condition.operator)
    if name is None:
        return None
    key = condition.key.lower()
    if name.operator is None:
        return _null(key, condition.values)
    finds = _finds(name.operator, condition.values, version)
    wants = not name.operator.negated
    if name.quantifier:
        test = _set(key, finds, wants=wants, every=name.quantifier == "forallvalues")
    else:
        test = _plain(key, finds, wants=wants, missing=name.if_exists or not wants)
    return _sure(test, deny=deny) if name.operator.wildcards else test


def _null(key: str, values: tuple[str, ...]) -> Test:
    wanted = frozenset(map(truth, values))
    return lambda context: (context.get(key) in {None, ()}) in wanted


def _plain(key: str, finds: _Finds, *, wants: bool, missing: bool) -> Test:
    def test(context: Keys) -> bool:
        value = context.get(key)
        if isinstance(value, str):
            return finds(value, context) is wants
        # AWS: a multi-valued key under an operator for one value is false, negated or not.
        return missing if not value else False

    return test


def _set(key: str, finds: _Finds, *, wants: bool, every: bool) -> Test:
    def test(context: Keys) -> bool:
        value = context.get(key)
        if not isinstance(value, str):
            hits = ((finds(one, context) is wants) for one in value or ())
            return all(hits) if every else any(hits)
        return finds(value, context) is wants

    return test


def _sure(test: Test, *, deny: bool) -> Test:
    def guarded(context: Keys) -> bool:
        try:
            return test(context)
        except Unsure:
            return deny

    return guarded


def _finds(operator: Operator, values: tuple[str, ...], version: str) -> _Finds:
    """Whether some policy value matches: the first that does ends the search."""
    templates = [_template(operator, value, version) for value in values]
    if any(fixed(one) is None for one in templates):
        return _filled(operator, templates)
    wanted = tuple(_operand(operator, one) for one in templates)
    if operator.compare is string_equals:
        return _among(frozenset(wanted))
    compare = operator.compare
    if compare in _READY:
        return _any_ready(list(map(_READY[compare], wanted)))
    if len(wanted) == 1:
        (only,) = wanted
        return lambda value, _: compare(value, only)
    return lambda value, _: _first(operator, value, wanted)


def _among(wanted: frozenset[Any]) -> _Finds:
    return lambda value, _: value in wanted


def _any_ready(tests: list[_Ready]) -> _Finds:
    def finds(value: str, _: Keys) -> bool | None:
        for test in tests:
            found = test(value)
            if found is not False:
                return found
        return False

    return finds


def _filled(operator: Operator, templates: list[Template]) -> _Finds:
    def finds(value: str, context: Keys) -> bool | None:
        # A value that is not comparable is so whatever the variables hold.
        if operator.wildcards and operator.compare(value, _NO_ARN) is None:
            return None
        filled = (fill(one, context) for one in templates)
        return _first(
            operator, value, (_operand(operator, one) for one in filled if one is not None)
        )

    return finds


def _first(operator: Operator, value: str, wanted: Iterable[Any]) -> bool | None:
    for one in wanted:
        found = operator.compare(value, one)
        if found is not False:
            return found
    return False


def _template(operator: Operator, value: str, version: str) -> Template:
    if not operator.variables:
        return template([value])
    pieces = parts(value, version)
    return pattern(pieces) if operator.wildcards else literal(pieces)


def _operand(operator: Operator, filled: Template) -> Any:
    return filled if operator.wildcards else "".join(map(str, filled))
