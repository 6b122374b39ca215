"""Condition keys there are, and keys there are not."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from doorward.analysis.validate.errors.actions import is_service
from doorward.analysis.validate.finding import Severity
from doorward.analysis.validate.likeness import nearest
from doorward.analysis.validate.mending import instead
from doorward.analysis.validate.precedents import precedents, stem
from doorward.analysis.validate.reading import Condition, Statement
from doorward.analysis.validate.registry import IDENTITY, RCP, RESOURCE, SCP, Hit, check
from doorward.catalog.actions import ActionFact, action
from doorward.catalog.global_keys import GLOBAL_KEYS
from doorward.catalog.keys import key_fact
from doorward.catalog.pack import rows
from doorward.catalog.resource_types import resource_type

_ARN: Final = "aws:arn"
_ISSUERS: Final = frozenset({"saml", "agent", "oidc"})
_OF_AN_ISSUER: Final = "."


def _global(condition: Condition) -> bool:
    return condition.name.startswith("aws:")


def _service_keys(statement: Statement) -> Iterator[Condition]:
    """The keys of services; those of identity providers are named after a domain."""
    for condition in statement.conditions:
        prefix = condition.name.partition(":")[0]
        if ":" in condition.name and not _global(condition) and _OF_AN_ISSUER not in prefix:
            yield condition


def bare_tag_key(name: str) -> bool:
    """Whether a key lacks the name of its tag, as in `aws:RequestTag`."""
    stem = name.rstrip("/")
    fact = key_fact(f"{stem}/tag")
    return key_fact(stem) is None and fact is not None and fact.name.endswith("/${TagKey}")


def _is_of_aws(key: str) -> bool:
    """Whether AWS's own policies ask this key, whatever the catalogue says."""
    return stem(key) in precedents().keys


@check("INVALID_CONDITION_KEY_FORMAT", Severity.ERROR)
def malformed_key(statement: Statement) -> Iterator[Hit]:
    """A condition key is written `service:key`."""
    for condition in statement.conditions:
        prefix, colon, name = condition.name.partition(":")
        if not (prefix and colon and name) or " " in prefix:
            message = f'"{condition.key.written[:60]}" is not written service:key.'
            yield Hit(condition.key, message)


@check("MISSING_TAG_KEY_IN_CONDITION", Severity.ERROR)
def tag_without_name(statement: Statement) -> Iterator[Hit]:
    """A key about a tag says which one, as in `aws:RequestTag/team`."""
    for condition in statement.conditions:
        if bare_tag_key(condition.name):
            message = f"{condition.key.written[:60]} does not say which tag is meant."
            yield Hit(condition.key, message)


@check("UNSUPPORTED_GLOBAL_CONDITION_KEY", Severity.ERROR)
def old_arn_key(statement: Statement) -> Iterator[Hit]:
    """`aws:ARN` is of old; `aws:PrincipalArn` or `aws:SourceArn` is meant."""
    for condition in statement.conditions:
        if condition.name == _ARN:
            fixes = (
                instead("the caller", condition.key, "aws:PrincipalArn"),
                instead("the resource a service acts for", condition.key, "aws:SourceArn"),
            )
            yield Hit(condition.key, "aws:ARN is not supported any more.", fixes)


@check("INVALID_GLOBAL_CONDITION_KEY", Severity.ERROR)
def unknown_global_key(statement: Statement) -> Iterator[Hit]:
    """There is no such key of all services."""
    for condition in statement.conditions:
        name = condition.name
        if not _global(condition) or name in {_ARN, "aws:"}:
            continue
        if key_fact(name) is None and not bare_tag_key(name) and not _is_of_aws(name):
            meant = nearest(name, (fact.name for fact in GLOBAL_KEYS))
            fixes = (instead(f"write {meant}", condition.key, meant),) if meant else ()
            message = f"There is no global condition key {condition.key.written[:60]}."
            yield Hit(condition.key, message, fixes)


@check("INVALID_SERVICE", Severity.ERROR)
def key_of_an_unknown_service(statement: Statement) -> Iterator[Hit]:
    """The part of a condition key before the colon is no service's prefix."""
    for condition in _service_keys(statement):
        prefix = condition.name.partition(":")[0]
        if " " not in prefix and not _has_keys(prefix) and not _is_of_aws(condition.name):
            yield Hit(condition.key, f'There is no service "{prefix[:40]}".')


@lru_cache(maxsize=1024)
def _has_keys(prefix: str) -> bool:
    return prefix in _ISSUERS or bool(rows("keys", prefix)) or is_service(prefix)


@check("INVALID_SERVICE_CONDITION_KEY", Severity.ERROR)
def unknown_service_key(statement: Statement) -> Iterator[Hit]:
    """The service has no such condition key."""
    for condition in _service_keys(statement):
        prefix = condition.name.partition(":")[0]
        if not _has_keys(prefix) or key_fact(condition.name) or bare_tag_key(condition.name):
            continue
        if _is_of_aws(condition.name):
            continue
        known = (row[0] for row in (rows("keys", prefix) or {}).values())
        meant = nearest(condition.name, known)
        fixes = (instead(f"write {meant}", condition.key, meant),) if meant else ()
        message = f'{prefix} has no condition key "{condition.key.written[:60]}".'
        yield Hit(condition.key, message, fixes)


@check(
    "UNSUPPORTED_ACTION_FOR_CONDITION_KEY",
    Severity.ERROR,
    kinds=(*IDENTITY, *RESOURCE, *SCP, *RCP),
)
def key_no_action_carries(statement: Statement) -> Iterator[Hit]:
    """An action named here never carries the key, so the condition cannot hold for it.

    Not so in trust policies: there one call is judged by several actions together.
    """
    for condition in _service_keys(statement):
        if not _needs_the_key(condition) or key_fact(condition.name) is None:
            continue
        service = condition.name.partition(":")[0]
        without = [
            fact.name
            for each in statement.actions
            if (fact := action(each.text)) and fact.name.startswith(f"{service}:")
            if not carries(fact, condition.name)
            and (stem(condition.name), fact.name.lower()) not in precedents().pairs
        ]
        if without:
            message = f"{condition.key.written[:60]} does not come with {', '.join(without[:5])}."
            yield Hit(condition.key, message)


def _needs_the_key(condition: Condition) -> bool:
    """Whether a request without the key fails the condition."""
    if condition.known is None or condition.if_exists or condition.negated:
        return False
    return condition.quantifier != "forallvalues"


@lru_cache(maxsize=8192)
def carries(fact: ActionFact, key: str) -> bool:
    """Whether requests for the action may have the key, by its own list or its resources'."""
    service = fact.name.partition(":")[0]
    for use in fact.resource_types:
        kind = resource_type(service, use.name)
        if _listed(key, use.condition_keys) or (kind and _listed(key, kind.condition_keys)):
            return True
    return _listed(key, fact.condition_keys)


def _listed(key: str, names: tuple[str, ...]) -> bool:
    # AWS: secretsmanager's keys about tags are written with `tag-key`, others with `${TagKey}`.
    return any(stem(key) == stem(name) for name in names)
