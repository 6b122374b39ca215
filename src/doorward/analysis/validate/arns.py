"""Resource ARNs held against the forms the catalogue knows."""

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Final, NamedTuple

from doorward.analysis.validate.patterns import of, overlap
from doorward.catalog.actions import service_prefixes
from doorward.catalog.regions import is_well_formed, known_regions
from doorward.catalog.resource_types import ResourceType, resource_types
from doorward.policy.arn import FIELDS
from doorward.policy.match import Pattern, Token, Wild, joined

VARIABLE: Final = re.compile(r"\$\{[^{}]*+\}")
_HOLE: Final = re.compile(r"(\$\{[^{}]*+\})")
_COMPASS: Final = re.compile(r"-(?:north|south|central|(?:north|south)?(?:east|west))-[0-9]+$")
_WILD: Final = frozenset("*?")


class Written(NamedTuple):
    """A resource of a policy, split at its first five colons; variables count as `*`."""

    arn: str
    partition: str
    service: str
    region: str
    account: str
    resource: str


class Form(NamedTuple):
    """An ARN as the catalogue writes it.

    Attributes:
        resource: A pattern in which each hole takes at least one character.
    """

    kind: ResourceType
    service: str
    region: str
    account: str
    resource: Pattern
    template: str


def split(text: str) -> Written | None:
    """The six parts of an ARN; `None` where there are fewer, or the text is no ARN."""
    fields = VARIABLE.sub("*", text).split(":", FIELDS - 1)
    return Written(*fields) if len(fields) == FIELDS and fields[0] == "arn" else None


def is_open(field: str) -> bool:
    """Whether wildcards leave a field open."""
    return not _WILD.isdisjoint(field)


@lru_cache(maxsize=512)
def is_region(text: str) -> bool:
    """Whether this is a region, known or of the form of one that may open tomorrow."""
    return text in known_regions() or (is_well_formed(text) and bool(_COMPASS.search(text)))


def forms(service: str) -> tuple[Form, ...]:
    """All ARNs with this word in their third place; none where the catalogue has none."""
    return _by_service().get(service, ())


@cache
def _by_service() -> dict[str, tuple[Form, ...]]:
    found: dict[str, list[ResourceType]] = {}
    for prefix in service_prefixes():
        for kind in resource_types(prefix):
            found.setdefault(_field(kind.arn_pattern, 2), []).append(kind)
    return {service: tuple(_forms(kinds)) for service, kinds in found.items()}


def _field(pattern: str, place: int) -> str:
    return pattern.split(":", FIELDS - 1)[place]


def _forms(kinds: list[ResourceType]) -> Iterable[Form]:
    for kind in kinds:
        _, _, service, region, account, template = kind.arn_pattern.split(":", FIELDS - 1)
        yield Form(kind, service, region, account, _pattern(template), template)


def _pattern(template: str) -> Pattern:
    tokens: list[Token] = []
    for piece in _HOLE.split(template):
        if piece.startswith("${"):
            tokens += (Wild.ONE, Wild.ANY)
        else:
            tokens += of(piece)
    return joined(tokens)


@lru_cache(maxsize=4096)
def fitting(written: Written) -> tuple[Form, ...]:
    """The forms whose resource part this one may be; region and account are not looked at."""
    resource = of(written.resource)
    found = [form for form in forms(written.service) if overlap(resource, form.resource)]
    return tuple(form for form in found if not _is_deeper(written.resource, form, found))


def _is_deeper(resource: str, form: Form, found: list[Form]) -> bool:
    """Whether a slash makes it what stands below: `bucket/key` is an object, not a bucket."""
    beyond = resource.count("/") > form.template.count("/")
    return beyond and any(each.template.startswith(f"{form.template}/") for each in found)
