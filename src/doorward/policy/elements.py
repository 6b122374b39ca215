"""What may stand in an element of a stored policy: what speaks against it, if anything."""

import re
from typing import Final

from doorward.policy.conditions import named
from doorward.policy.faults import Fault
from doorward.policy.variables import CURRENT, Variable, parts

NAMES_NOBODY: Final = "a Principal names at least one"
IAM_PATHS: Final = (
    "user/",
    "federated-user/",
    "role/",
    "group/",
    "instance-profile/",
    "mfa/",
    "server-certificate/",
    "policy/",
    "sms-mfa/",
    "saml-provider/",
    "oidc-provider/",
    "report/",
    "access-report/",
)
"""How the resource part of an ARN of IAM begins, in the order of AWS's sentence; recorded."""

_S3_REGIONAL: Final = (
    "accesspoint/",
    "access-grants/",
    "async-request/",
    "job/",
    "storage-lens/",
    "storage-lens-group/",
)
"""What of S3 lives in a region. Source: Service authorization reference, Amazon S3."""

_TYPES: Final = frozenset({"AWS", "Service", "Federated", "CanonicalUser"})
_SERVICE_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*+")
_VENDOR: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*+")
_VARIABLE: Final = re.compile(r"\$\{[^{}]*+\}")
_HOST: Final = re.compile(r"(?:[A-Za-z0-9_-]++\.)++[A-Za-z]++")
_CANONICAL: Final = re.compile(r"[0-9a-f]{64}")
_PARTITION: Final = re.compile(r"aws(?:-[a-z0-9-]++)?+")
_SERVICE: Final = 2
_WITH_SERVICE: Final = 3
_BEFORE_ACCOUNT: Final = 4
_BEFORE_RESOURCE: Final = 5
_PARTS: Final = 6
_AWS: Final = re.compile(
    r"\*|[0-9]{12}|A(?:ID|RO)A[A-Z0-9]++"
    r"|arn:aws(?:-[a-z-]++)?+:iam::[0-9]{12}:(?:root|(?:user|role)/[!-~]++)"
    r"|arn:aws(?:-[a-z-]++)?+:sts::[0-9]{12}:(?:assumed-role/[!-~]++|federated-user/[!-~]++)"
)
# AWS: a bucket's policy names such a user of CloudFront's, whose account is no number.
_ORIGIN_ACCESS: Final = re.compile(
    r"arn:aws(?:-[a-z-]++)?+:iam::cloudfront:user/CloudFront Origin Access Identity [A-Z0-9]++"
)
_PROVIDER: Final = re.compile(
    r"arn:aws(?:-[a-z-]++)?+:iam::[0-9]{12}:(?:saml-provider|oidc-provider)/[!-~]++"
)


def action_fault(action: str, kind: str) -> Fault | None:
    """Why this is no action pattern of this kind of policy."""
    service, colon, name = action.partition(":")
    if kind == "trust" and service.lower() != "sts":
        return Fault("action-not-sts", "a trust policy has actions of sts only")
    if action == "*":
        return None
    if not colon:
        reason = 'an action is "*" or begins with its service, as in iam:GetUser'
        return Fault("action-vendor", reason)
    if not _VENDOR.fullmatch(service):
        word = "vendor-wildcard" if {"*", "?"} & set(service) else "vendor"
        return Fault(word, f'"{service[:40]}" is not a service; its name holds no wildcard')
    # AWS: any other name may be stored, blanks and all; recorded.
    if not name or ":" in name:
        word = "action-colons" if name else "action-name"
        return Fault(word, f'"{name[:40]}" is not the name of an action')
    return None


def resource_fault(resource: str, *, variables: bool) -> Fault | None:
    """Why this is no resource pattern; the service of one is written out."""
    if resource == "*":
        return None
    # INVARIANT: the colon inside a variable splits nothing, or an account that is one would
    # move the parts after it.
    plain = _VARIABLE.sub("${}", resource) if variables else resource
    fields = plain.split(":", _BEFORE_RESOURCE)
    found = _arn_fault(fields)
    # AWS: the account may be a variable, as in the managed policy
    # AmazonTimestreamInfluxDBServiceRolePolicy (2026-08); evaluation still reads it as text.
    if not found and variables and "${" in ":".join(fields[:_BEFORE_ACCOUNT]):
        return Fault("resource-variable", "a variable does not stand before the account")
    return found or _legacy_fault(fields) or _service_fault(fields) or _owner_fault(fields)


def _arn_fault(fields: list[str]) -> Fault | None:
    # AWS: the partition is asked for before the word "arn"; recorded.
    partition = fields[1] if fields[1:] else ""
    known = _PARTITION.fullmatch(partition) or set(partition) & {"*", "?"}
    if fields[1:] and not known:
        return Fault("resource-partition", f'"{partition[:40]}" is not a partition')
    if fields[0] != "arn" or len(fields) < _WITH_SERVICE:
        word = "resource-vendor" if fields[:-1] == ["arn"] else "resource-form"
        return Fault(word, 'a resource is "*" or begins with arn:partition:service')
    return None


def _legacy_fault(fields: list[str]) -> Fault | None:
    """Why the ARN cannot be filled up: its service is empty, or it is short and has a gap."""
    if not fields[_SERVICE]:
        return Fault("resource-legacy", "the service of a resource is written out")
    if len(fields) <= _BEFORE_RESOURCE and "" in fields:
        return Fault("resource-legacy", "an ARN with an empty part has all six parts")
    return None


def _service_fault(fields: list[str]) -> Fault | None:
    service = fields[_SERVICE]
    ends = len(fields) == _WITH_SERVICE
    if _SERVICE_NAME.fullmatch(service[:-1] if ends and service.endswith("*") else service):
        return None
    return Fault("resource-vendor", "the service of a resource is written out, without wildcards")


def _owner_fault(fields: list[str]) -> Fault | None:
    """Why IAM or S3 has no such resource; missing parts count as `*`."""
    service, region, _account, path = [*fields, *"***"][_SERVICE:_PARTS]
    placed = region not in {"", "*"}
    if service == "s3" and placed and not path.startswith(_S3_REGIONAL):
        return Fault("resource-region", "a bucket's ARN names no region")
    if service != "iam":
        return None
    if placed:
        return Fault("resource-region-iam", "the ARN of a resource of IAM names no region")
    if path not in {"*", "root"} and not path.startswith(IAM_PATHS):
        return Fault("resource-path", f'IAM has no resource "{path[:40]}"')
    return None


def principal_fault(kind: str, name: str, policy_kind: str) -> Fault | None:
    """Why this is no principal of this type."""
    reason = _principal_reason(kind, name, policy_kind)
    return Fault("principal", reason) if reason else None


def _principal_reason(kind: str, name: str, policy_kind: str) -> str:
    if kind not in _TYPES:
        return f'"{kind[:40]}" is not a type of principal'
    if kind == "AWS":
        known = _AWS.fullmatch(name) or (
            policy_kind == "resource" and _ORIGIN_ACCESS.fullmatch(name)
        )
        return "" if known else f'"{name[:80]}" is not a principal'
    if kind == "Service":
        return "" if _HOST.fullmatch(name) else f'"{name[:80]}" is not a service'
    if kind == "CanonicalUser":
        refused = policy_kind == "trust" or not _CANONICAL.fullmatch(name)
        return "a CanonicalUser is 64 hexadecimal digits" if refused else ""
    if _HOST.fullmatch(name) or _PROVIDER.fullmatch(name):
        return ""
    return "a Federated principal is a domain name or a provider's ARN"


def operator_fault(operator: str) -> Fault | None:
    """Why this is no condition operator."""
    if named(operator):
        return None
    return Fault("operator", f'"{operator[:60]}" is not a condition operator')


def value_fault(operator: str, value: str, kind: str, version: str) -> Fault | None:
    """Why a stored policy may not hold this value under this operator.

    Session policies may hold any text, but for binary. Source: recorded answers of 2026-09.
    """
    known = named(operator)
    if known is None or known.operator is None:
        return None
    if kind == "session" and not known.operator.always_typed:
        return None
    if known.operator.storable(value) or (known.operator.variables and _varies(value, version)):
        return None
    return Fault("value", f'"{value[:60]}" is not a value for {operator}')


def _varies(value: str, version: str) -> bool:
    return version == CURRENT and any(isinstance(part, Variable) for part in parts(value, version))
