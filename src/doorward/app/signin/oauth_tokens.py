"""`POST /v1/token`: codes and refresh tokens of `aws login` become credentials of 15 minutes.

Whoever asks proves with each request that it holds the key its tokens are bound to.

Source: botocore's model of `signin`, CreateOAuth2Token; AWS CLI 2.38; RFC 9449.
"""

import asyncio
import base64
import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import TYPE_CHECKING, Any

import msgspec

from doorward.account.caller import Caller
from doorward.account.session import Session
from doorward.app.guard import LOCAL_HOSTS, host_name
from doorward.app.ids import time_ordered_id
from doorward.app.signin.door import Handler, page_door
from doorward.app.signin.dpop import BadProof, Proof, read_proof
from doorward.app.signin.oauth_grants import (
    PUBLIC_CLIENTS,
    Denial,
    Login,
    Refresh,
    binding_of,
    denial_of,
    open_code,
    open_refresh,
    seal_refresh,
    use_code,
    use_refresh,
)
from doorward.app.signin.oauth_permission import CREATE, permitted, recorded
from doorward.app.signin.records import origin_of
from doorward.authn.key_ids import KEY_ID_BYTES, access_key_id, secret_access_key
from doorward.authn.request import HttpRequest
from doorward.wire.response import HttpResponse

if TYPE_CHECKING:
    from doorward.app.house import House

PATH = "/v1/token"
LONGEST_S = 900
LARGEST_FORM = 16 * 1024
BAD_REQUEST = 400
"""Smithy's status for a client's error that has none of its own in the model."""
SESSION_ARN = "aws:SignInSessionArn"
_SECRET_BYTES = 30


class Form(msgspec.Struct, frozen=True, rename="camel"):
    """CreateOAuth2TokenRequestBody."""

    client_id: str
    grant_type: str
    code: str = ""
    redirect_uri: str = ""
    code_verifier: str = ""
    refresh_token: str = ""


class Denied(Exception):  # noqa: N818 - what happened, read aloud
    """No token, in the form the model has for it."""

    def __init__(self, code: str, error: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.error = error
        self.message = message


async def create_token(house: "House", request: HttpRequest) -> HttpResponse:
    """Answer in the form of CreateOAuth2Token, whatever comes of it."""
    now = house.clock()
    request_id = time_ordered_id(now)
    try:
        return _response(200, request_id, await _created(house, request, now))
    except Denied as no:
        body = {"error": no.error, "message": no.message}
        return _response(BAD_REQUEST, request_id, body, no.code)


async def _created(house: "House", request: HttpRequest, now: datetime) -> dict[str, Any]:
    # 1. What is asked, by whoever holds which key.
    form = _form(request)
    proof = await asyncio.to_thread(_proof, request, now)
    # 2. What it shows for it. Neither codes nor tokens can be guessed, so wrong ones are not
    # counted: a client that keeps an old one must not slow down those who sign in beside it.
    if form.grant_type == "authorization_code":
        return await _of_code(house, request, form, proof, now)
    return await _of_refresh(house, request, form, proof, now)


async def _of_code(
    house: "House", request: HttpRequest, form: Form, proof: Proof, now: datetime
) -> dict[str, Any]:
    code = open_code(house, form.code)
    if code is None:
        raise _denied(Denial.CODE)
    await _use_proof(house, proof)
    asked = binding_of(form.client_id, form.redirect_uri, _challenge(form.code_verifier))
    if not compare_digest(asked, code.binding) or now >= code.until:
        raise _denied(Denial.CODE)
    if not await use_code(house, code.login):
        raise _denied(Denial.CODE)
    answer = await _granted(house, request, form, Refresh(0, proof.thumbprint, code.login), now)
    return answer | {"idToken": _id_token(request, code.login, now)}


async def _of_refresh(
    house: "House", request: HttpRequest, form: Form, proof: Proof, now: datetime
) -> dict[str, Any]:
    token = open_refresh(house, form.refresh_token)
    if token is None:
        raise _denied(Denial.TOKEN)
    await _use_proof(house, proof)
    if token.login.client != form.client_id or token.thumbprint != proof.thumbprint:
        raise _denied(Denial.TOKEN)
    if not await use_refresh(house, token, now):
        raise _denied(Denial.TOKEN)
    newer = Refresh(token.number + 1, token.thumbprint, token.login)
    return await _granted(house, request, form, newer, now)


async def _granted(
    house: "House", request: HttpRequest, form: Form, refresh: Refresh, now: datetime
) -> dict[str, Any]:
    """Credentials and the next refresh token, if the login still stands and may be used so."""
    login = refresh.login
    denial = await denial_of(house, login, now)
    if denial:
        raise _denied(denial)
    refusal = await permitted(house, request, login, CREATE, form.redirect_uri, form.grant_type)
    await recorded(house, request, login, CREATE, refusal)
    if refusal:
        raise _denied(Denial.PERMISSIONS, refusal)
    session = _credentials(login, now)
    return {
        "accessToken": {
            "accessKeyId": session.access_key_id,
            "secretAccessKey": session.secret_access_key,
            "sessionToken": house.pipeline.desk.seal_session(session),
        },
        "tokenType": "aws_sigv4",
        "expiresIn": int((session.expires_at - session.issued_at).total_seconds()),
        "refreshToken": seal_refresh(house, refresh),
    }


def _credentials(login: Login, now: datetime) -> Session:
    """Credentials of whoever let it log in, with all that their session carries."""
    session = login.session
    issued_at = now.replace(microsecond=0)
    ends = min(issued_at + timedelta(seconds=LONGEST_S), session.expires_at)
    return replace(
        session,
        access_key_id=access_key_id("ASIA", session.account, secrets.token_bytes(KEY_ID_BYTES)),
        secret_access_key=secret_access_key(secrets.token_bytes(_SECRET_BYTES)),
        issued_at=issued_at,
        expires_at=ends,
        context=(*session.context, (SESSION_ARN, login.arn)),
    )


def _proof(request: HttpRequest, now: datetime) -> Proof:
    given = [value for name, value in request.headers if name == "dpop"]
    if len(given) != 1:
        raise _invalid("One DPoP header is needed.")
    try:
        return read_proof(given[0], request.method, f"{origin_of(request)}{PATH}", now)
    except BadProof as error:
        raise _invalid(str(error)) from None


async def _use_proof(house: "House", proof: Proof) -> None:
    # INVARIANT: only of requests that hold something of ours, or anybody could fill the store.
    if not await house.tallies.first(proof.mark):
        raise _invalid("The DPoP proof was used before.")


def _form(request: HttpRequest) -> Form:
    if not request.secure and host_name(request) not in LOCAL_HOSTS:
        raise _invalid("Tokens are given over TLS alone.")
    if len(request.body) > LARGEST_FORM:
        raise _invalid("The request is too large.")
    try:
        form = msgspec.json.decode(request.body, type=Form)
    except (msgspec.DecodeError, RecursionError) as error:
        raise _invalid(str(error)) from None
    if form.client_id not in PUBLIC_CLIENTS:
        raise _invalid("clientId is none of AWS's developer tools.")
    if form.grant_type not in {"authorization_code", "refresh_token"}:
        raise _invalid("grantType is authorization_code or refresh_token.")
    return form


def _challenge(verifier: str) -> str:
    """What a verifier is the answer to. Source: RFC 7636, section 4.2."""
    digest = sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _id_token(request: HttpRequest, login: Login, now: datetime) -> str:
    """Who logged in, for the client that asked; it reads `sub` and believes the connection."""
    # SPEED: only those who log in need it.
    from joserfc import jwt
    from joserfc.jwk import OctKey

    claims = {
        "iss": origin_of(request),
        "sub": Caller.of_session(login.session).arn,
        "aud": login.client,
        "iat": int(now.timestamp()),
        "exp": int(now.timestamp()) + LONGEST_S,
        "jti": login.id,
    }
    # INVARIANT: a key nobody has. Who would take this token for a credential cannot verify it.
    key = OctKey.generate_key(256)
    return jwt.encode({"alg": "HS256", "typ": "JWT"}, claims, key)


def _invalid(message: str) -> Denied:
    return Denied("ValidationException", "INVALID_REQUEST", message)


def _denied(denial: Denial, message: str = "") -> Denied:
    words = message or "Run `aws login` again."
    return Denied("AccessDeniedException", denial.value, words)


def _response(
    status: int, request_id: str, body: Mapping[str, Any], code: str = ""
) -> HttpResponse:
    headers = [
        ("content-type", "application/json"),
        ("cache-control", "no-store"),
        ("x-amzn-requestid", request_id),
    ]
    if code:
        headers.append(("x-amzn-errortype", code))
    return HttpResponse(status, tuple(headers), msgspec.json.encode(body))


HANDLERS: Mapping[tuple[str, str], Handler] = {("POST", PATH): page_door(create_token)}
