"""Values of condition keys that can never be met, or that AWS refuses."""

import re
from collections.abc import Iterator
from typing import Final

from doorward.analysis.validate.arns import is_region
from doorward.analysis.validate.finding import Severity
from doorward.analysis.validate.likeness import alike
from doorward.analysis.validate.mending import instead
from doorward.analysis.validate.networks import is_private
from doorward.analysis.validate.reading import At, Condition, Statement
from doorward.analysis.validate.registry import RESOURCE, TRUST, Hit, check
from doorward.catalog.regions import known_regions

_VPC: Final = re.compile(r"vpc-(?:[0-9a-z]{8}|[0-9a-z]{17})")
_VPCE: Final = re.compile(r"vpce-(?:[0-9a-z]{8}|[0-9a-z]{17})")
_KMS_KEY: Final = re.compile(r"arn:aws[a-z-]*+:kms:[^:]*+:[^:]*+:(?:key|alias)/.++")
_KMS_KEYS: Final = frozenset(
    {
        "s3:x-amz-server-side-encryption-aws-kms-key-id",
        "secretsmanager:kmskeyarn",
        "lambda:kmskeyarn",
        "rds:performanceinsightskmskeyid",
    }
)
"""Keys whose value is the ARN of a KMS key. Source: Service Authorization Reference."""

_NEVER_OF_A_SERVICE: Final = ("aws:principalorgid", "aws:principalorgpaths", "aws:principaltag/")
"""Keys a service's own call does not carry. Source: IAM User Guide, global condition keys."""


def _exact(condition: Condition, key: str) -> Iterator[At]:
    """The values of the key that are text without wildcards and variables."""
    if condition.name == key and condition.known:
        for value in condition.values:
            if not {"*", "?", "$"} & set(value.written):
                yield value


@check("INVALID_REGION", Severity.ERROR)
def unknown_region_asked(statement: Statement) -> Iterator[Hit]:
    """aws:RequestedRegion is compared with what is no region."""
    for condition in statement.conditions:
        for value in _exact(condition, "aws:requestedregion"):
            if not is_region(value.written):
                meant = alike(value.written, known_regions())
                fixes = tuple(instead(f"write {region}", value, region) for region in meant)
                yield Hit(value, f'"{value.written[:40]}" is no region.', fixes)


@check("INVALID_VPC_FORMAT", Severity.ERROR)
def malformed_vpc(statement: Statement) -> Iterator[Hit]:
    """aws:SourceVpc is compared with what is no VPC id."""
    for condition in statement.conditions:
        for value in _exact(condition, "aws:sourcevpc"):
            if not _VPC.fullmatch(value.written):
                yield Hit(
                    value, f'"{value.written[:40]}" is no VPC id: vpc- and 8 or 17 characters.'
                )


@check("INVALID_VPCE_FORMAT", Severity.ERROR)
def malformed_endpoint(statement: Statement) -> Iterator[Hit]:
    """aws:SourceVpce is compared with what is no VPC endpoint's id."""
    for condition in statement.conditions:
        for value in _exact(condition, "aws:sourcevpce"):
            if not _VPCE.fullmatch(value.written):
                message = f'"{value.written[:40]}" is no endpoint id: vpce- and 8 or 17 characters.'
                yield Hit(value, message)


@check("INVALID_KMS_KEY_VALUE", Severity.ERROR)
def no_kms_key(statement: Statement) -> Iterator[Hit]:
    """A condition key that holds a KMS key's ARN is compared with something else."""
    for condition in statement.conditions:
        if condition.name not in _KMS_KEYS or not condition.known:
            continue
        for value in condition.values:
            if "${" not in value.written and not _may_be_kms_key(value.written):
                yield Hit(value, f'"{value.written[:60]}" is no KMS key\'s ARN.')


def _may_be_kms_key(text: str) -> bool:
    return _KMS_KEY.fullmatch(text) is not None or text.startswith("*") or text.endswith("*")


@check("PRIVATE_IP_ADDRESS", Severity.ERROR)
def only_private_addresses(statement: Statement) -> Iterator[Hit]:
    """aws:SourceIp is a public address, so a list of private ones never matches."""
    yield from _all_private(statement, "ipaddress", "the condition never matches")


@check("PRIVATE_NOT_IP_ADDRESS", Severity.ERROR)
def all_but_private_addresses(statement: Statement) -> Iterator[Hit]:
    """aws:SourceIp is a public address, so leaving out private ones leaves out nobody."""
    yield from _all_private(statement, "notipaddress", "the condition always matches")


def _all_private(statement: Statement, operator: str, outcome: str) -> Iterator[Hit]:
    for condition in statement.conditions:
        asked = condition.name == "aws:sourceip" and condition.base == operator
        if asked and condition.values and all(is_private(text) for text in condition.texts):
            message = (
                f"aws:SourceIp is never a private address: {outcome}. "
                "Requests through a VPC endpoint carry aws:VpcSourceIp."
            )
            yield Hit(condition.value, message)


@check("UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL", Severity.ERROR, kinds=(*RESOURCE, *TRUST))
def key_no_service_carries(statement: Statement) -> Iterator[Hit]:
    """A service calls with no organization and no tags of its own; the condition never holds."""
    services = [name for name in statement.principals if name.kind == "Service"]
    if not services or len(services) != len(statement.principals) or not statement.allows:
        return
    for condition in statement.conditions:
        asked = condition.name.startswith(_NEVER_OF_A_SERVICE)
        if asked and condition.known and not condition.if_exists and not condition.negated:
            message = f"{condition.key.written[:60]} never comes with a service's own call."
            yield Hit(condition.key, message)
