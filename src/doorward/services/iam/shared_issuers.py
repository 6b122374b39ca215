"""Web identity issuers that many tenants share: a trust policy must say which tenant it means.

Source: IAM User Guide, "Identity-provider controls for shared OIDC providers" (the 22 issuers);
which operators and values AWS takes was recorded from it: every qualifying operator is positive,
and a value is looked at as text, so `**` passes where `*` does not. Google and the other built-in
issuers are not among them: a trust policy without an audience is stored, and is for a validator.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from doorward.policy.match import glob, joined, wildcards
from doorward.services.iam.errors import MalformedPolicyDocument

_ACTION = "sts:assumerolewithwebidentity"
_GITHUB = "token.actions.githubusercontent.com"
_TURBONOMIC = (
    "rh-oidc.s3.us-east-1.amazonaws.com/22ejnvnnturfmt6km08idd0nt4hekbn7",
    "rh-oidc.s3.us-east-1.amazonaws.com/23e3sd27sju1hoou6ohfs68vbno607tr",
    "rh-oidc.s3.us-east-1.amazonaws.com/23ne21h005qjl3n33d8dui5dlrmv2tmg",
    "rh-oidc.s3.us-east-1.amazonaws.com/24jrf12m5dj7ljlfb4ta2frhrcoadm26",
    "oidc.op1.openshiftapps.com/2f785sojlpb85i7402pk3qogugim5nfb",
    "oidc.op1.openshiftapps.com/2c51blsaqa9gkjt0o9rt11mle8mmropu",
)

CLAIMS: Mapping[str, str] = {
    "cognito-identity.amazonaws.com": "aud",
    "sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d": "sts:RoleSessionName",
    "agent.buildkite.com": "sub",
    "oidc.codefresh.io": "sub",
    "studio.datachain.ai/api": "sub",
    _GITHUB: "sub",
    "oidc-configuration.audit-log.githubusercontent.com": "sub",
    "vstoken.actions.githubusercontent.com": "sub",
    "gitlab.com": "sub",
    "api.pulumi.com/oidc": "aud",
    "sandboxes.cloud": "aud",
    "scalr.io": "sub",
    "tokens.cloud.shisho.dev": "sub",
    "app.terraform.io": "sub",
    "proidc.upbound.io": "sub",
    "oidc.vercel.com": "aud",
    **dict.fromkeys(_TURBONOMIC, "sub"),
}
"""Issuer -> the claim that tells its tenants apart."""

_OPERATORS = frozenset({"stringequals", "stringequalsignorecase", "stringlike"})


@dataclass(frozen=True, slots=True)
class Control:
    """What one issuer's statements must test: one of `keys`, with values that `holds` takes."""

    keys: tuple[str, ...]
    holds: Callable[[str], bool]


def refuse_open(statement: Mapping[str, Any]) -> None:
    """Refuse a statement that would let every tenant of a shared issuer in.

    Raises:
        MalformedPolicyDocument: it allows web identities and lacks the issuer's control.
    """
    if statement["Effect"] != "Allow" or not _allows_web_identity(statement):
        return
    for issuer in _issuers(statement):
        control = _control(issuer)
        if control and not _is_met(control, statement.get("Condition", {})):
            raise MalformedPolicyDocument.shared_issuer(issuer, " or ".join(control.keys))


def _allows_web_identity(statement: Mapping[str, Any]) -> bool:
    if "NotAction" in statement:
        return not _names_action(_listed(statement["NotAction"]))
    return _names_action(_listed(statement["Action"]))


def _names_action(patterns: Sequence[str]) -> bool:
    return any(glob(joined(wildcards(pattern.lower())))(_ACTION) for pattern in patterns)


def _issuers(statement: Mapping[str, Any]) -> Iterator[str]:
    for value in _listed(statement["Principal"].get("Federated", ())):
        yield value.partition(":oidc-provider/")[2] or value


def _control(issuer: str) -> Control | None:
    if issuer.startswith(_GITHUB):
        # AWS: any issuer that begins with GitHub's name is held to be GitHub's.
        return Control((f"{issuer}:sub", f"{issuer}:job_workflow_ref"), _names_repository)
    claim = CLAIMS.get(issuer)
    if claim is None:
        return None
    key = claim if ":" in claim else f"{issuer}:{claim}"
    return Control((key,), lambda value: value != "*")


def _names_repository(value: str) -> bool:
    return bool(value.strip()) and not value.startswith("*")


def _is_met(control: Control, condition: Mapping[str, Mapping[str, Any]]) -> bool:
    return any(
        _block_meets(control, keys)
        for operator, keys in condition.items()
        if _plain(operator) in _OPERATORS
    )


def _block_meets(control: Control, keys: Mapping[str, Any]) -> bool:
    wanted = [key.lower() for key in control.keys]
    found = [_listed(values) for key, values in keys.items() if key.lower() in wanted]
    return bool(found) and all(control.holds(str(value)) for values in found for value in values)


def _plain(operator: str) -> str:
    lowered = operator.lower()
    return lowered.removeprefix("foranyvalue:").removeprefix("forallvalues:")


def _listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else (value,)
