"""Resource ARNs, part by part, and against the forms of their service."""

from collections.abc import Iterator
from typing import Final

from doorward.analysis.validate.arns import (
    VARIABLE,
    Form,
    Written,
    fitting,
    forms,
    is_open,
    is_region,
    split,
)
from doorward.analysis.validate.finding import Fix, Severity
from doorward.analysis.validate.likeness import alike, nearest
from doorward.analysis.validate.mending import instead
from doorward.analysis.validate.precedents import marks_of, precedents
from doorward.analysis.validate.reading import Statement, Text
from doorward.analysis.validate.registry import Hit, check
from doorward.catalog.regions import partition_of, partitions
from doorward.policy.arn import FIELDS

_ACCOUNT_DIGITS: Final = 12
_OWNERS: Final = ("aws", "aws-managed", "third-party", "cloudfront")
"""What stands in the place of an account where AWS or a seller owns the resource."""


def resources(statement: Statement) -> Iterator[Text]:
    """The resources of a statement but `*` alone."""
    for text in (*statement.resources, *statement.not_resources):
        if text.text != "*":
            yield text


def _arns(statement: Statement) -> Iterator[tuple[Text, Written]]:
    for text in resources(statement):
        written = split(text.text)
        if written:
            yield text, written


@check("INVALID_ARN_PREFIX", Severity.ERROR)
def not_an_arn(statement: Statement) -> Iterator[Hit]:
    """A resource is `*` or begins with `arn:`."""
    for text in resources(statement):
        if not text.text.startswith("arn:") and not _is_wild_prefix(text.text):
            yield Hit(text.at, f'"{text.text[:60]}" is neither "*" nor an ARN.')


def _is_wild_prefix(text: str) -> bool:
    """`arn*` and `a*`: wildcards may stand for what is missing."""
    return text.endswith("*") and "arn:".startswith(text.rstrip("*"))


@check("MISSING_ARN_FIELD", Severity.ERROR)
def too_few_fields(statement: Statement) -> Iterator[Hit]:
    """An ARN has six parts with five colons between them, unless a star ends it early."""
    for text in resources(statement):
        fields = VARIABLE.sub("*", text.text).split(":")
        if fields[0] == "arn" and len(fields) < FIELDS and not _runs_on(fields):
            message = f'"{text.text[:60]}" has {len(fields)} of six parts.'
            yield Hit(text.at, message, _filled(text))


def _runs_on(fields: list[str]) -> bool:
    """Whether a star at the end of a part stands for the colons that are missing."""
    *before, last = fields
    return any(field.endswith("*") for field in before) or ("/" not in last and last.endswith("*"))


def _filled(text: Text) -> tuple[Fix, ...]:
    """The ARN with empty region and account, where its service wants them so."""
    head = text.text.split(":", 3)
    candidate = ":".join((*head[:3], "", "", text.text.rpartition(":")[2]))
    written = split(candidate)
    if written and any(not form.region and not form.account for form in fitting(written)):
        return (instead("fill in the empty parts", text.at, candidate),)
    return ()


@check("INVALID_PARTITION", Severity.ERROR)
def unknown_partition(statement: Statement) -> Iterator[Hit]:
    """The second part of an ARN is none of AWS's partitions."""
    names = [partition.name for partition in partitions()]
    for text, arn in _arns(statement):
        if arn.partition not in names and not is_open(arn.partition):
            message = f'"{arn.partition[:40]}" is no partition; there are {", ".join(names)}.'
            yield Hit(text.at, message, _part(text, 1, nearest(arn.partition, names) or names[0]))


def _part(text: Text, place: int, value: str) -> tuple[Fix, ...]:
    """The ARN with another part, where no variable could be taken apart."""
    fields = text.text.split(":", FIELDS - 1)
    if "${" in "".join(fields[:-1]):
        return ()
    fields[place] = value
    return (instead(f"write {value or 'nothing'} there", text.at, ":".join(fields)),)


@check("INVALID_ARN_SERVICE_CASE", Severity.ERROR)
def service_in_capitals(statement: Statement) -> Iterator[Hit]:
    """The service of an ARN is written in lower case."""
    for text, arn in _arns(statement):
        if arn.service != arn.service.lower():
            message = f'The service "{arn.service[:40]}" is written in lower case.'
            yield Hit(text.at, message, _part(text, 2, arn.service.lower()))


@check("INVALID_ARN_REGION", Severity.ERROR)
def unknown_region(statement: Statement) -> Iterator[Hit]:
    """The fourth part of an ARN is no region, or one of another partition."""
    for text, arn in _arns(statement):
        if not arn.region or is_open(arn.region) or _fits_partition(arn):
            continue
        meant = alike(arn.region, _regions_of(arn.partition))
        fixes = tuple(fix for region in meant for fix in _part(text, 3, region))
        message = f'"{arn.region[:40]}" is no region of the partition {arn.partition[:20]}.'
        yield Hit(text.at, message, fixes)


def _regions_of(name: str) -> Iterator[str]:
    for partition in partitions():
        if partition.name == name:
            yield from partition.regions


def _fits_partition(arn: Written) -> bool:
    home = partition_of(arn.region)
    known = home is None or is_open(arn.partition) or home.name == arn.partition
    return known and is_region(arn.region)


@check("INVALID_ARN_ACCOUNT", Severity.ERROR)
def malformed_account(statement: Statement) -> Iterator[Hit]:
    """The account in an ARN has 12 digits; placeholders and shorter numbers name nobody."""
    for text, arn in _arns(statement):
        if not is_account(arn.account) and not _is_in_a_form(arn):
            message = f'"{arn.account[:40]}" is no account: account ids have 12 digits.'
            yield Hit(text.at, message)
    for name in (*statement.principals, *statement.not_principals):
        account = _account_of(name.text) if name.kind == "AWS" else ""
        if account and not is_account(account):
            message = f'"{account[:40]}" is no account: account ids have 12 digits.'
            yield Hit(name.at, message)


def is_account(field: str) -> bool:
    """Whether this can stand in an ARN's fifth part."""
    if not field or is_open(field) or field in _OWNERS:
        return True
    return len(field) == _ACCOUNT_DIGITS and field.isascii() and field.isdigit()


def _is_in_a_form(arn: Written) -> bool:
    """Whether the service's own ARNs have this word there."""
    return any(form.account == arn.account for form in forms(arn.service))


def _account_of(principal: str) -> str:
    """The account a principal names; empty where it names none."""
    if principal.isascii() and principal.isdigit():
        return principal
    written = split(principal)
    return written.account if written else ""


@check("INVALID_ARN_RESOURCE", Severity.ERROR, practice="invalid-arn")
def unknown_resource_form(statement: Statement) -> Iterator[Hit]:
    """The last part of an ARN fits no resource of its service, as after one colon too many."""
    for text, arn in _arns(statement):
        if arn.resource.startswith(":") or not arn.resource:
            message = f'"{text.text[:60]}" matches nothing: its resource part is malformed.'
            yield Hit(text.at, message, without_colon(text))
        elif forms(arn.service) and not fitting(arn) and not _is_of_aws(arn):
            shown = sorted({form.template for form in forms(arn.service)})[:3]
            message = (
                f'{arn.service} has no resource "{arn.resource[:60]}"; '
                f"its resources are written {', '.join(shown)}."
            )
            yield Hit(text.at, message)


def _is_of_aws(arn: Written) -> bool:
    """Whether AWS's own policies write such an ARN, whatever the catalogue says."""
    return marks_of(arn) in precedents().resources


def without_colon(text: Text) -> tuple[Fix, ...]:
    """The ARN without the colons before its resource that are too many."""
    head, body = text.text.split(":", FIELDS - 1)[:-1], text.text.split(":", FIELDS - 1)[-1]
    candidate = ":".join((*head, body.lstrip(":")))
    written = split(candidate)
    if not body.lstrip(":") or not written or not fitting(written):
        return ()
    return (instead("leave the colon out", text.at, candidate),)


def _placed(statement: Statement) -> Iterator[tuple[Text, Written, tuple[Form, ...]]]:
    """The ARNs with the forms they may have; those without any are told elsewhere."""
    for text, arn in _arns(statement):
        found = fitting(arn)
        if found and not arn.resource.startswith(":"):
            yield text, arn, found


@check("ARN_REGION_NOT_ALLOWED", Severity.ERROR)
def region_of_a_global_resource(statement: Statement) -> Iterator[Hit]:
    """The ARN names a region, and resources of this kind have none."""
    for text, arn, found in _placed(statement):
        if arn.region not in {"", "*"} and all(not form.region for form in found):
            message = f"An ARN of {_kinds(found)} names no region."
            yield Hit(text.at, message, _part(text, 3, ""))


@check("ARN_ACCOUNT_NOT_ALLOWED", Severity.ERROR)
def account_of_an_ownerless_resource(statement: Statement) -> Iterator[Hit]:
    """The ARN names an account, and resources of this kind have none."""
    for text, arn, found in _placed(statement):
        if arn.account not in {"", "*"} and all(not form.account for form in found):
            message = f"An ARN of {_kinds(found)} names no account."
            yield Hit(text.at, message, _part(text, 4, ""))


@check("MISSING_ARN_REGION", Severity.ERROR)
def no_region(statement: Statement) -> Iterator[Hit]:
    """The ARN leaves the region out, and every resource of this kind is in one."""
    for text, arn, found in _placed(statement):
        if not arn.region and all(form.region for form in found) and not _is_of_aws(arn):
            message = f"An ARN of {_kinds(found)} names a region, or * for every one."
            yield Hit(text.at, message, _part(text, 3, "*"))


@check("MISSING_ARN_ACCOUNT", Severity.ERROR)
def no_account(statement: Statement) -> Iterator[Hit]:
    """The ARN leaves the account out, and every resource of this kind is in one."""
    for text, arn, found in _placed(statement):
        if not arn.account and all(form.account for form in found) and not _is_of_aws(arn):
            message = f"An ARN of {_kinds(found)} names an account, or * for every one."
            yield Hit(text.at, message, _part(text, 4, "*"))


def _kinds(found: tuple[Form, ...]) -> str:
    names = dict.fromkeys(f"{form.kind.service} {form.kind.name}" for form in found)
    return " or ".join(list(names)[:2])
