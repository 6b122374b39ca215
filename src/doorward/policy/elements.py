"""What may stand in an element of a stored policy: what speaks against it, if anything."""

import re
from typing import Final, NamedTuple

from doorward.policy.conditions import named
from doorward.policy.variables import CURRENT, Variable, parts

NAMES_NOBODY: Final = "a Principal names at least one"
_TYPES: Final = frozenset({"AWS", "Service", "Federated", "CanonicalUser"})
_SERVICE_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]*+", re.IGNORECASE)
_ACTION_NAME: Final = re.compile(r"[A-Za-z0-9_.*?-]++")
_HOST: Final = re.compile(r"(?:[A-Za-z0-9_-]++\.)++[A-Za-z]++")
_CANONICAL: Final = re.compile(r"[0-9a-f]{64}")
_PARTITION: Final = re.compile(r"aws(?:-[a-z0-9-]++)?+")
_WITH_PARTITION: Final = 3
_BEFORE_ACCOUNT: Final = 4
_BEFORE_RESOURCE: Final = 5
_AWS: Final = re.compile(
    r"\*|[0-9]{12}|A(?:ID|RO)A[A-Z0-9]++"
    r"|arn:aws(?:-[a-z-]++)?+:iam::[0-9]{12}:(?:root|(?:user|role)/[!-~]++)"
    r"|arn:aws(?:-[a-z-]++)?+:sts::[0-9]{12}:(?:assumed-role/[!-~]++|federated-user/[!-~]++)"
)
_PROVIDER: Final = re.compile(
    r"arn:aws(?:-[a-z-]++)?+:iam::[0-9]{12}:(?:saml-provider|oidc-provider)/[!-~]++"
)


class Fault(NamedTuple):
    """Why something may not be stored; `kind` is the stable word of `PolicyError.fault`."""

    kind: str
    reason: str


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
    if not _SERVICE_NAME.fullmatch(service):
        return Fault("vendor", f'"{service[:40]}" is not a service; its name holds no wildcard')
    if not _ACTION_NAME.fullmatch(name):
        word = "action-colons" if ":" in name else "action-name"
        return Fault(word, f'"{name[:40]}" is not the name of an action')
    return None


def resource_fault(resource: str, *, variables: bool) -> Fault | None:
    """Why this is no resource pattern; the service of one is written out."""
    if resource == "*":
        return None
    fields = resource.split(":", _BEFORE_RESOURCE)
    if fields[0] != "arn" or len(fields) < _WITH_PARTITION:
        word = "resource-vendor" if fields[:-1] == ["arn"] else "resource-form"
        return Fault(word, 'a resource is "*" or begins with arn:partition:service')
    partition, service = fields[1:_WITH_PARTITION]
    if not _PARTITION.fullmatch(partition) and not set(partition) & {"*", "?"}:
        return Fault("resource-partition", f'"{partition[:40]}" is not a partition')
    # AWS: the account may be a variable, as in the managed policy
    # AmazonTimestreamInfluxDBServiceRolePolicy (2026-08); evaluation still reads it as text.
    if variables and "${" in ":".join(fields[:_BEFORE_ACCOUNT]):
        return Fault("resource-variable", "a variable does not stand before the account")
    ends = len(fields) == _WITH_PARTITION
    if not _SERVICE_NAME.fullmatch(service[:-1] if ends and service.endswith("*") else service):
        reason = "the service of a resource is written out, without wildcards"
        return Fault("resource-vendor", reason)
    return None


def principal_fault(kind: str, name: str, policy_kind: str) -> Fault | None:
    """Why this is no principal of this type."""
    reason = _principal_reason(kind, name, policy_kind)
    return Fault("principal", reason) if reason else None


def _principal_reason(kind: str, name: str, policy_kind: str) -> str:
    if kind not in _TYPES:
        return f'"{kind[:40]}" is not a type of principal'
    if kind == "AWS":
        return "" if _AWS.fullmatch(name) else f'"{name[:80]}" is not a principal'
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
