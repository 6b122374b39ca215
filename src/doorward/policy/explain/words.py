"""A decision in words: AWS's own sentence for the caller, one line for people."""

from typing import Final

from doorward.policy.decision import Decision, Layer, Outcome
from doorward.policy.request import Request

TYPES: Final = {
    Layer.RCP: "resource control policy",
    Layer.SCP: "service control policy",
    Layer.ENDPOINT: "VPC endpoint policy",
    Layer.RESOURCE: "resource-based policy",
    Layer.TRUST: "role trust policy",
    Layer.BOUNDARY: "permissions boundary",
    Layer.SESSION: "session policy",
    Layer.IDENTITY: "identity-based policy",
}
_WITHOUT_ARN: Final = frozenset({Layer.RESOURCE, Layer.TRUST, Layer.ENDPOINT})
WORDS: Final = {
    Outcome.ALLOWED: "allowed",
    Outcome.IMPLICITLY_DENIED: "denied, nothing allows it",
    Outcome.EXPLICITLY_DENIED: "denied explicitly",
}


def denial(decision: Decision, request: Request) -> str:
    """The tail of AWS's AccessDenied message, from `with` or `because`.

    Empty where AWS gives none: for a service's own rule, and for what is allowed. A managed
    policy's ARN is named, an inline policy's is not, nor a resource's.

    Source: IAM User Guide, "Troubleshoot access denied error messages".
    """
    kind = TYPES.get(decision.layer)
    if kind is None or decision.allowed:
        return ""
    if decision.outcome is Outcome.IMPLICITLY_DENIED:
        return f"because no {kind} allows the {request.action} action"
    article = "the" if decision.layer is Layer.TRUST else "an" if kind[0] in "aeiou" else "a"
    arn = decision.policy.arn if decision.policy and decision.layer not in _WITHOUT_ARN else None
    return f"with an explicit deny in {article} {kind}" + (f": {arn}" if arn else "")


def describe(decision: Decision) -> str:
    """One line: the answer, the layer, the policy, the statement and where it stands."""
    layer = TYPES.get(decision.layer, f"{decision.layer} rule")
    parts = [f"{WORDS[decision.outcome]} by {layer}"]
    if decision.outcome is Outcome.IMPLICITLY_DENIED:
        parts = [f"{WORDS[decision.outcome]} ({layer})"]
    if decision.policy:
        holder = decision.policy.attached_to
        where = f" of {holder}" if holder else ""
        parts.append(f"{decision.policy.name}{_in_brackets(decision.policy.arn)}{where}")
    text = " ".join(parts)
    statement = decision.statement
    if statement:
        name = f'"{statement.sid}"' if statement.sid else str(statement.index)
        span = statement.span
        place = f" at line {span.brace_line}, column {span.brace_column}" if span.line else ""
        text += f", statement {name}{place}"
    return f"{text}: {decision.reason}" if decision.reason else text


def _in_brackets(arn: str | None) -> str:
    return f" ({arn})" if arn else ""
