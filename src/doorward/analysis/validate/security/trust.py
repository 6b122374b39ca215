"""Trust that reaches further than one thinks."""

from collections.abc import Iterator
from typing import Final

from doorward.analysis.validate.errors.trust import is_oidc, lets
from doorward.analysis.validate.finding import Fix, Severity
from doorward.analysis.validate.grants import asks
from doorward.analysis.validate.mending import added
from doorward.analysis.validate.reading import Named, Statement, quoted
from doorward.analysis.validate.registry import RESOURCE, TRUST, Hit, check
from doorward.catalog.principals import is_web_identity_provider
from doorward.policy.arn import Arn

GITHUB: Final = "token.actions.githubusercontent.com"
_PROVIDER: Final = "oidc-provider/"
_NARROWS: Final = (
    "sts:externalid",
    "aws:multifactorauthpresent",
    "aws:multifactorauthage",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:principalarn",
    "aws:principaltag/",
    "aws:userid",
    "aws:username",
)
_FOR_WHOM: Final = ("aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths")


def issuer(name: Named) -> str:
    """The domain whose claims a web identity carries; empty for any other principal."""
    if name.kind != "Federated" or not is_oidc(name.text):
        return ""
    return name.text.rpartition(_PROVIDER)[2].lower()


@check(
    "MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL",
    Severity.SECURITY_WARNING,
    kinds=TRUST,
    practice="oidc-trust-without-audience",
)
def no_claim_asked(statement: Statement) -> Iterator[Hit]:
    """A provider of web identities is trusted whomever its token is for.

    Providers that AWS knows by their domain serve everybody: their `aud` must be asked.
    """
    for name in statement.principals:
        domain = issuer(name)
        claim = "aud" if is_web_identity_provider(name.text) else ""
        if not domain or not statement.allows or asks(statement, f"{domain}:{claim}"):
            continue
        message = (
            f"Any token that {domain} issues, to any application, may assume this role: "
            f"no condition asks {domain}:aud."
        )
        yield Hit(name.at, message, _with_audience(statement, domain))


def _with_audience(statement: Statement, domain: str) -> tuple[Fix, ...]:
    if statement.has("Condition"):
        return ()
    asked = f'{{{quoted(f"{domain}:aud")}: "YOUR-CLIENT-ID"}}'
    member = f'"Condition": {{"StringEquals": {asked}}}'
    return (added("ask for your own client id", statement, member),)


@check("MISSING_GITHUB_REPO_CONDITION_KEY", Severity.SECURITY_WARNING, kinds=TRUST)
def every_repository(statement: Statement) -> Iterator[Hit]:
    """GitHub's tokens are trusted whichever repository they are of."""
    for name in statement.principals:
        if issuer(name) == GITHUB and statement.allows and not asks(statement, f"{GITHUB}:sub"):
            message = (
                f"Workflows of every GitHub repository may assume this role: "
                f"ask {GITHUB}:sub for yours."
            )
            yield Hit(name.at, message)


@check("role-trust-no-external-id-or-mfa", Severity.SECURITY_WARNING, kinds=TRUST)
def another_account_without_proof(statement: Statement) -> Iterator[Hit]:
    """An account is trusted without an external id, MFA or organization.

    Whoever that account lets assume the role may; where it is a third party's, so may its other
    customers (confused deputy).
    """
    if not statement.allows or not lets(statement, "sts:AssumeRole") or asks(statement, *_NARROWS):
        return
    for name in statement.principals:
        if name.kind == "AWS" and _is_account(name.text):
            message = (
                f"Every principal that {_shown(name.text)} permits may assume this role. Ask "
                "sts:ExternalId of a third party, aws:MultiFactorAuthPresent of people, "
                "aws:PrincipalOrgID of your own accounts."
            )
            yield Hit(name.at, message)


def _shown(principal: str) -> str:
    return "any AWS account" if principal == "*" else f"the account {principal[:60]}"


def _is_account(principal: str) -> bool:
    arn = Arn.parse(principal)
    return principal == "*" or principal.isdigit() or bool(arn and arn.resource == "root")


@check("RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL", Severity.SECURITY_WARNING, kinds=RESOURCE)
def service_for_anybody(statement: Statement) -> Iterator[Hit]:
    """A service is let in whomever it works for (confused deputy)."""
    if not statement.allows or asks(statement, *_FOR_WHOM):
        return
    for name in statement.principals:
        if name.kind == "Service":
            message = (
                f"{name.text[:60]} is let in for any customer of AWS: "
                "ask aws:SourceArn or aws:SourceAccount."
            )
            yield Hit(name.at, message)
