"""Conditions that anybody can meet, or that hold where the key is missing."""

from collections.abc import Iterator
from typing import Final

from doorward.analysis.validate.finding import Severity
from doorward.analysis.validate.grants import asks
from doorward.analysis.validate.mending import instead
from doorward.analysis.validate.reading import Statement
from doorward.analysis.validate.registry import RESOURCE, Hit, check
from doorward.catalog.keys import key_fact

_FORGED: Final = frozenset({"aws:referer", "aws:useragent"})
_VPC: Final = ("aws:sourcevpc", "aws:sourcevpce", "aws:sourcevpcarn")
AUDIENCE: Final = ":aud"


@check("ALLOW_WITH_NOT_PRINCIPAL", Severity.SECURITY_WARNING, kinds=RESOURCE)
def allow_to_the_rest(statement: Statement) -> Iterator[Hit]:
    """An Allow with NotPrincipal lets in everybody else, anonymous callers included."""
    element = statement.element("NotPrincipal")
    if element and statement.allows:
        yield Hit(element, "This lets in everybody else, anonymous callers included.")


@check("UNTRUSTWORTHY_CONDITION_KEY", Severity.SECURITY_WARNING)
def forged_key(statement: Statement) -> Iterator[Hit]:
    """What is allowed rests on a key that the caller writes."""
    for condition in statement.conditions:
        if statement.allows and condition.name in _FORGED:
            message = f"{condition.key.written} is what the caller says it is."
            yield Hit(condition.key, message)


@check("FORALLVALUES_WITH_SINGLE_VALUED_KEY", Severity.SECURITY_WARNING)
def all_of_one(statement: Statement) -> Iterator[Hit]:
    """ForAllValues over a key with one value is true where the key is missing."""
    for condition in statement.conditions:
        fact = key_fact(condition.key.written)
        single = fact is not None and not fact.multi
        if statement.allows and single and condition.quantifier == "forallvalues":
            plain = condition.operator.written.partition(":")[2]
            fixes = (instead(f"write {plain}", condition.operator, plain),)
            message = f"{condition.key.written} has one value; ForAllValues passes without any."
            yield Hit(condition.operator, message, fixes)


@check("MISSING_PAIRED_CONDITION_KEYS", Severity.SECURITY_WARNING)
def address_without_network(statement: Statement) -> Iterator[Hit]:
    """aws:VpcSourceIp alone is an address in any VPC of anybody."""
    for condition in statement.conditions:
        if condition.name == "aws:vpcsourceip" and not asks(statement, *_VPC):
            message = "Any VPC may use this address: ask aws:SourceVpc or aws:SourceVpce as well."
            yield Hit(condition.key, message)


@check("STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS", Severity.SECURITY_WARNING)
def text_pattern_over_arn(statement: Statement) -> Iterator[Hit]:
    """StringLike lets `*` run over the colons of an ARN; ArnLike does not."""
    for condition in statement.conditions:
        fact = key_fact(condition.key.written)
        if fact and fact.type == "ARN" and condition.base in {"stringlike", "stringnotlike"}:
            name = condition.operator.written
            meant = name.replace("String", "Arn").replace("string", "Arn")
            fixes = (instead(f"write {meant}", condition.operator, meant),)
            message = f"{condition.key.written} is an ARN; with {name}, * runs over its colons."
            yield Hit(condition.operator, message, fixes)


@check("DYNAMODB_ATTRIBUTES_WITHOUT_SELECT", Severity.SECURITY_WARNING)
def attributes_without_select(statement: Statement) -> Iterator[Hit]:
    """A request may leave the attributes out and get all; dynamodb:Select rules that out."""
    for condition in statement.conditions:
        asked = condition.name == "dynamodb:attributes" and statement.allows
        if asked and not asks(statement, "dynamodb:select"):
            message = (
                "A request that lists no attributes gets every one: "
                "ask dynamodb:Select for SPECIFIC_ATTRIBUTES."
            )
            yield Hit(condition.key, message)


@check("S3_PREFIX_IN_NEGATIVE_CONTEXT", Severity.SECURITY_WARNING)
def prefix_kept_out(statement: Statement) -> Iterator[Hit]:
    """Listing with a shorter prefix shows what a longer one is kept from."""
    for condition in statement.conditions:
        if condition.name != "s3:prefix":
            continue
        negative = condition.base.startswith("stringnot") == statement.allows
        if condition.known and statement.effect and negative:
            message = "Listing with a shorter s3:prefix, or none, gets around this."
            yield Hit(condition.key, message)


@check("FORANYVALUE_WITH_AUDIENCE_CLAIM_TYPE", Severity.SECURITY_WARNING)
def any_audience(statement: Statement) -> Iterator[Hit]:
    """A provider's `aud` has one value, and takes no ForAnyValue."""
    for condition in statement.conditions:
        fact = key_fact(condition.key.written)
        single = fact is not None and not fact.multi and condition.name.endswith(AUDIENCE)
        if single and condition.quantifier == "foranyvalue":
            plain = condition.operator.written.partition(":")[2]
            fixes = (instead(f"write {plain}", condition.operator, plain),)
            yield Hit(condition.operator, f"{condition.key.written} has one value.", fixes)
