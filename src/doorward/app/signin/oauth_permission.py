"""May this principal log in from a command line? As AWS asks it, and as the trail keeps it.

AWS: the managed policy SignInLocalDevelopmentAccess allows both actions.
"""

from typing import TYPE_CHECKING

from doorward.account.caller import Caller
from doorward.app.signin.oauth_grants import PUBLIC_CLIENTS, Login
from doorward.app.signin.records import record
from doorward.app.signin.tries import keep
from doorward.authn.identity import user_identity
from doorward.authn.request import HttpRequest
from doorward.authz.context import Arrival, of_call, of_resource
from doorward.authz.decide import Asked, judge, refusal
from doorward.policy import Context

if TYPE_CHECKING:
    from doorward.app.house import House

AUTHORIZE, CREATE = "AuthorizeOAuth2Access", "CreateOAuth2Token"
REGION = "us-east-1"


async def permitted(
    house: "House",
    request: HttpRequest,
    login: Login,
    action: str,
    redirect_uri: str | None,
    grant_type: str | None = None,
) -> str:
    """AWS's sentence of why not; empty when it is permitted."""
    session = login.session
    caller = Caller.of_session(session)
    await house.accounts.fetch(session.account)
    live = house.accounts.get(session.account)
    account = live.account if live else None
    arn = f"arn:aws:signin:{REGION}:{session.account}:oauth2/public-client/"
    arn += PUBLIC_CLIENTS[login.client]
    keys = {"signin:OAuthClientId": login.client}
    if redirect_uri:
        keys["signin:OAuthRedirectUri"] = redirect_uri
    if grant_type:
        keys["signin:OAuthGrantType"] = grant_type
    arrival = Arrival(
        at=house.clock(),
        region=REGION,
        source=request.source,
        secure=request.secure,
        user_agent=request.header("user-agent"),
    )
    context = of_call(caller, account, arrival)
    context |= of_resource(arn, session.account, (), keys)
    asked = Asked(f"signin:{action}", arn, session.account, arn, None, Context(context))
    decision = judge(caller, account, asked)
    return "" if decision.allowed else refusal(caller, asked, decision)


async def recorded(
    house: "House", request: HttpRequest, login: Login, action: str, refusal: str
) -> None:
    """Keep the record of a login, or of one that was refused."""
    identity = user_identity(Caller.of_session(login.session))
    details = {"ClientId": login.client, "SignInSessionArn": login.arn}
    account = login.session.account
    row = record(
        request, house.clock(), action, account, identity, error=refusal or None, details=details
    )
    await keep(house, row)
