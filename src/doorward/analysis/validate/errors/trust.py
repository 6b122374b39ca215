"""Trust policies of roles: who may assume, and by which action."""

import re
from collections.abc import Iterator
from typing import Final

from doorward.analysis.validate.finding import Severity
from doorward.analysis.validate.mending import instead
from doorward.analysis.validate.reading import Named, Statement
from doorward.analysis.validate.registry import TRUST, Hit, check
from doorward.catalog.principals import is_web_identity_provider
from doorward.policy.actions import action_test

ROLES_ANYWHERE: Final = "rolesanywhere.amazonaws.com"
_NEEDED: Final = ("sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession")
_SAML: Final = re.compile(r"arn:aws[a-z-]*+:iam::[0-9]{12}:saml-provider/[!-~]++")
_OIDC: Final = re.compile(r"arn:aws[a-z-]*+:iam::[0-9]{12}:oidc-provider/[!-~]++")
_ONLY_WITH: Final = {
    "aws:requesttag/": "sts:TagSession",
    "aws:tagkeys": "sts:TagSession",
    "sts:transitivetagkeys": "sts:TagSession",
    "sts:sourceidentity": "sts:SetSourceIdentity",
}


def lets(statement: Statement, action: str) -> bool:
    """Whether its action element names this action."""
    wanted = action.lower()
    if statement.actions:
        return any(action_test(each.text)(wanted) for each in statement.actions)
    return bool(statement.not_actions) and not any(
        action_test(each.text)(wanted) for each in statement.not_actions
    )


def is_saml(provider: str) -> bool:
    """Whether this is a SAML provider's ARN."""
    return _SAML.fullmatch(provider) is not None


def is_oidc(provider: str) -> bool:
    """Whether tokens of this provider are web identities."""
    return is_web_identity_provider(provider) or _OIDC.fullmatch(provider) is not None


@check("ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL", Severity.ERROR, kinds=TRUST)
def not_principal_in_trust(statement: Statement) -> Iterator[Hit]:
    """A trust policy says who may assume the role, never who may not."""
    element = statement.element("NotPrincipal")
    if element:
        yield Hit(element, "A trust policy has no NotPrincipal.")


@check("ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL", Severity.ERROR, kinds=TRUST)
def star_in_trust(statement: Statement) -> Iterator[Hit]:
    """`"Principal": "*"` may not stand in a trust policy."""
    element = statement.element("Principal")
    if element and element.text == "*":
        yield Hit(element, 'A trust policy may not name "*" alone; name accounts or entities.')


@check("ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE", Severity.ERROR, kinds=TRUST)
def resource_in_trust(statement: Statement) -> Iterator[Hit]:
    """A trust policy is about its role, and has no Resource."""
    for name in ("Resource", "NotResource"):
        element = statement.element(name)
        if element:
            yield Hit(element, f"A trust policy has no {name}: it is about its role.")


def _federated(statement: Statement) -> Iterator[Named]:
    for name in statement.principals:
        if name.kind == "Federated" and not {"*", "?"} & set(name.text):
            yield name


@check("INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY", Severity.ERROR, kinds=TRUST)
def malformed_provider(statement: Statement) -> Iterator[Hit]:
    """A Federated principal is a provider's ARN, or a provider AWS knows by its domain."""
    for name in _federated(statement):
        if not is_saml(name.text) and not is_oidc(name.text):
            message = (
                f'"{name.text[:60]}" is neither the ARN of a SAML or OIDC provider '
                "nor one that AWS knows by its domain."
            )
            yield Hit(name.at, message)


@check("MISMATCHED_ACTION_FOR_PRINCIPAL", Severity.ERROR, kinds=TRUST)
def action_of_another_principal(statement: Statement) -> Iterator[Hit]:
    """Each kind of principal assumes by its own action."""
    for name in statement.principals:
        needed = _action_for(name)
        if needed and statement.actions and not lets(statement, needed):
            message = f'"{name.text[:60]}" assumes a role by {needed}, which is not named here.'
            fixes = (instead(f"write {needed}", statement.actions[0].at, needed),)
            yield Hit(name.at, message, fixes if len(statement.actions) == 1 else ())


def _action_for(name: Named) -> str:
    """The action a principal needs; empty where it may be one of several."""
    if name.kind in {"AWS", "Service"}:
        return "sts:AssumeRole"
    if name.kind == "Federated" and is_saml(name.text):
        return "sts:AssumeRoleWithSAML"
    return "sts:AssumeRoleWithWebIdentity" if is_oidc(name.text) else ""


@check("MISSING_ACTION_FOR_ROLES_ANYWHERE_TRUST_POLICY", Severity.ERROR, kinds=TRUST)
def roles_anywhere_without_its_actions(statement: Statement) -> Iterator[Hit]:
    """Roles Anywhere assumes, names the source identity and tags the session in one call."""
    for name in statement.principals:
        if name.text != ROLES_ANYWHERE or not statement.allows:
            continue
        missing = [action for action in _NEEDED if not lets(statement, action)]
        if missing:
            yield Hit(name.at, f"Roles Anywhere needs {', '.join(missing)} as well.")


@check("MISSING_ACTION_FOR_CONDITION_KEY", Severity.ERROR, kinds=TRUST)
def key_of_another_action(statement: Statement) -> Iterator[Hit]:
    """A key that only a certain action carries is asked without that action."""
    for condition in statement.conditions:
        needed = next((do for key, do in _ONLY_WITH.items() if condition.name.startswith(key)), "")
        if needed and not lets(statement, needed):
            yield Hit(condition.key, f"{condition.key.written} comes with {needed} only.")
