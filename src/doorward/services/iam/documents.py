"""Policy documents on their way in: refused in AWS's words, with the place of the fault."""

import json
from collections.abc import Mapping

from doorward.catalog.quotas import policy_size
from doorward.errors import PolicyError
from doorward.policy.elements import IAM_PATHS
from doorward.policy.faults import Phase, phase
from doorward.policy.grammar import check
from doorward.services.call import Call
from doorward.services.iam.errors import LimitExceeded, MalformedPolicyDocument
from doorward.services.iam.quotas import quota

_ANY = "Syntax errors in policy."
_LEGACY = "The policy failed legacy parsing"

# AWS: each kind of fault has its own sentence. Sources: answers AWS's users quote, unverified
# where no recording has them.
_IDENTITY: Mapping[str, str] = {
    "sid-form": (
        "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular "
        "expression [0-9A-Za-z]*"
    ),
    "sid-duplicate": "Statement IDs (SID) in a single policy must be unique.",
    "no-action": "Policy statement must contain actions.",
    "no-resource": "Policy statement must contain resources.",
    "principal-not-allowed": "Policy document should not specify a principal.",
    "action-vendor": "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
    "action-colons": "Actions/Condition can contain only one colon.",
    "vendor": "Vendor {vendor} is not valid",
    "vendor-wildcard": "Action vendors (e.g., aws, ec2, etc.) must not contain wildcards.",
    "resource-form": 'Resource {value} must be in ARN format or "*".',
    "resource-partition": 'Partition "{partition}" is not valid for resource "{resource}".',
    "resource-vendor": "Resource vendor must be fully qualified and cannot contain regexes.",
    "resource-region": "Resource {resource} can not contain region information.",
    "resource-region-iam": "IAM resource {resource} cannot contain region information.",
    "resource-path": (
        f'IAM resource path must either be "*", root, or start with {", ".join(IAM_PATHS)}.'
    ),
    "resource-legacy": _LEGACY,
    "effect-case": _LEGACY,
    "value": _LEGACY,
}
_TRUST: Mapping[str, str] = {
    **_IDENTITY,
    "json": "This policy contains invalid Json",
    "element": "Unknown field {value}",
    "no-effect": "Missing required field Effect",
    "no-action": "Missing required field Action",
    "no-principal": "Missing required field Principal",
    "action-not-sts": "AssumeRole policy may only specify STS AssumeRole actions.",
    "principal-not-allowed": "Has prohibited field {name}",
    "resource-not-allowed": "Has prohibited field {name}",
}


def refuse_malformed(call: Call, text: str, kind: str = "identity") -> None:
    """Refuse a text that is no policy of that kind (`identity` or `trust`)."""
    error = _fault(text, kind)
    if error:
        raise _refusal(call, kind, error)


def refuse_managed(call: Call, text: str) -> None:
    """Refuse a text that cannot be a customer managed policy."""
    error = _fault(text, "identity")
    # AWS: what is well formed is asked for its version before anything else; recorded, policies.
    # Inline policies may still be of 2008-10-17, managed ones may not.
    if error is None or phase(error.fault) is not Phase.SYNTAX:
        _refuse_old(text)
    if error:
        raise _refusal(call, "identity", error)
    most = quota(call, "PolicySizeQuota")
    if policy_size(text) > most:
        raise LimitExceeded.quota("PolicySize", most)


def _fault(text: str, kind: str) -> PolicyError | None:
    try:
        check(text, kind)
    except PolicyError as error:
        return error
    return None


def _refuse_old(text: str) -> None:
    if json.loads(text).get("Version") != "2012-10-17":
        raise MalformedPolicyDocument.version()


def _refusal(call: Call, kind: str, error: PolicyError) -> MalformedPolicyDocument:
    return MalformedPolicyDocument(_sentence(kind, error) + _place(call, error))


def _sentence(kind: str, error: PolicyError) -> str:
    sentence = (_TRUST if kind == "trust" else _IDENTITY).get(error.fault, _ANY)
    resource = _filled(error.value)
    return sentence.format(
        value=error.value,
        vendor=error.value.partition(":")[0],
        resource=":".join(resource),
        partition=resource[1],
        name=error.path.rpartition(".")[2],
    )


def _filled(resource: str) -> list[str]:
    """The six parts of an ARN as AWS shows it: `arn` first, and `*` for each that is missing."""
    return ["arn", *[*resource.split(":", 5)[1:], *"*****"][:5]]


def _place(call: Call, error: PolicyError) -> str:
    if not call.explain or not error.line:
        return ""
    return f" (line {error.line}, column {error.column}: {error.reason})"
