"""The context of a question: what Doorward knows of the principal, and what the asker says.

The asker received the call, so it alone knows the client's address, whether TLS was used and the
service's own keys; what follows from the principal or from the resource's owner it cannot say.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from doorward.account.account import Account
from doorward.account.caller import Caller
from doorward.account.tags import Tag
from doorward.authz.context import Arrival, Keys, of_call, of_resource
from doorward.policy import Arn
from doorward.policy.variables import Values
from doorward.services.doorward.errors import ValidationException

GLOBAL_SERVICES = frozenset({"iam", "organizations"})
GLOBAL_REGION = "us-east-1"

_SOURCE = "aws:sourceip"
_SECURE = "aws:securetransport"
_REGION = "aws:requestedregion"
# Of the keys that say how a call arrived, any may be given.
_ARRIVED = frozenset(
    {
        _SOURCE,
        _SECURE,
        _REGION,
        "aws:currenttime",
        "aws:epochtime",
        "aws:referer",
        "aws:useragent",
        "aws:viaawsservice",
    }
)
_ABOUT_PRINCIPAL = frozenset(
    {
        "aws:assumedroot",
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalisawsservice",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:principalservicename",
        "aws:principalservicenameslist",
        "aws:principaltype",
        "aws:resourceaccount",
        "aws:resourceorgid",
        "aws:resourceorgpaths",
        "aws:userid",
        "aws:username",
    }
)
_TAGS_OF_IAM = ("aws:resourcetag/", "iam:resourcetag/")
_ABOUT_SESSION = frozenset(
    {
        "aws:federatedprovider",
        "aws:multifactorauthage",
        "aws:multifactorauthpresent",
        "aws:sourceidentity",
        "aws:tokenissuetime",
    }
)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """How the call came that is asked about, as far as it is known.

    Attributes:
        region: Empty where nobody said.
        secure: None where nobody said.
        proven: The caller was proven by a signature, so what its session carries is known.
    """

    at: datetime
    region: str = ""
    secure: bool | None = None
    user_agent: str | None = None
    referer: str | None = None
    proven: bool = False


@dataclass(frozen=True, slots=True)
class Thing:
    """What is acted on.

    Attributes:
        of_others: What is known of it, its policy and tags, is another account's.
        kept: Doorward itself keeps its tags, or another account might.
    """

    arn: str
    owner: str
    tags: tuple[Tag, ...] = ()
    of_others: bool = False
    kept: bool = False


def refuse_fixed(given: Mapping[str, Values], thing: Thing, place: str) -> None:
    """Refuse keys that follow from the principal or the resource, whoever the principal is.

    Raises:
        ValidationException: names the key.
    """
    # INVARIANT: this never depends on whether the principal exists, nor on what another account
    # keeps. A tag that is not there follows from the resource as much as one that is.
    about = {} if thing.kept else of_resource(thing.arn, thing.owner, thing.tags, {})
    tags = ("aws:principaltag/", *(_TAGS_OF_IAM if thing.kept else ()))
    for key in given:
        if key in about or key in _ABOUT_PRINCIPAL or key.startswith(tags):
            said = "follows from who or what is asked about"
            raise ValidationException.at(f"{place}.{key}", said)


def filled(
    caller: Caller,
    account: Account | None,
    thing: Thing,
    how: Circumstances,
    given: Mapping[str, Values],
    place: str,
) -> Keys:
    """The whole context, keys in lower case.

    Args:
        caller: The principal.
        account: Its own.
        thing: What it acts on.
        how: How it came.
        given: What the asker says, keys in lower case, none that `refuse_fixed` refuses.
        place: Where that stands in the question.

    Raises:
        ValidationException: the asker says what the proven session says; names the key.
    """
    base = of_call(caller, account, _arrival(how, given))
    if how.secure is None:
        del base[_SECURE]
    if not how.region:
        del base[_REGION]
    about = of_resource(thing.arn, thing.owner, thing.tags, {})
    fixed = (base.keys() - _ARRIVED) | _ABOUT_SESSION if how.proven else frozenset()
    for key in given:
        if key in fixed:
            raise ValidationException.at(f"{place}.{key}", "follows from the session that signed")
    return base | about | {key: value for key, value in given.items() if key != _SOURCE}


def region_of(action: str, resource: str) -> str:
    """The region a call on the resource goes to; empty where its ARN does not say."""
    if action.partition(":")[0].lower() in GLOBAL_SERVICES:
        return GLOBAL_REGION
    arn = Arn.parse(resource)
    return arn.region if arn and "*" not in arn.region else ""


def _arrival(how: Circumstances, given: Mapping[str, Values]) -> Arrival:
    source, secure = str(given.get(_SOURCE, "")), bool(how.secure)
    return Arrival(how.at, how.region, source, secure, how.user_agent, how.referer)
