"""What every entrance of a browser asks first, and the forms of its answers.

A handler takes the house and the request and gives the whole answer; `form_door` and
`session_door` make one from a function of a JSON form, so that none forgets a check.
"""

import logging
from collections.abc import Awaitable, Callable
from hmac import compare_digest
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from doorward.app.errors import Throttling
from doorward.app.guard import LOCAL_HOSTS, Guard, host_name
from doorward.app.signin.session import CSRF_HEADER, Header, current_session
from doorward.authn.console_session import ConsoleSession
from doorward.authn.request import HttpRequest
from doorward.catalog import models
from doorward.errors import AwsError, NotAuthentic
from doorward.store.errors import StoreUnavailable
from doorward.wire.limits import refuse_oversized_head
from doorward.wire.response import HttpResponse

if TYPE_CHECKING:
    from doorward.app.house import House

log = logging.getLogger("doorward.signin")

LARGEST_FORM = 64 * 1024
JSON = "application/json"
_ALWAYS = (
    ("content-type", JSON),
    ("cache-control", "no-store"),
    ("x-content-type-options", "nosniff"),
)

Handler = Callable[["House", HttpRequest], Awaitable[HttpResponse]]
F = TypeVar("F")
Work = Callable[["House", HttpRequest, F], Awaitable[HttpResponse]]
SessionWork = Callable[["House", HttpRequest, ConsoleSession, F], Awaitable[HttpResponse]]


class Form(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a page sends; of its own fields a form knows every one."""


class NoForm(Form, frozen=True):
    """Nothing but the wish itself."""


class Refused(Exception):  # noqa: N818 - what happened, read aloud
    """The answer is no, in these words."""

    def __init__(self, status: int, error: str, message: str, **details: Any) -> None:
        super().__init__(message)
        self.status = status
        self.error = error
        self.message = message
        self.details = details


def said(body: Any, *headers: Header, status: int = 200) -> HttpResponse:
    """An answer in JSON that nobody keeps."""
    return HttpResponse(status, (*_ALWAYS, *headers), msgspec.json.encode(body))


def form_door(form: type[F], work: Work[F]) -> Handler:
    """A handler for whoever comes, with a JSON form."""

    async def handler(house: "House", request: HttpRequest) -> HttpResponse:
        _refuse_others(house, request)
        return await work(house, request, _read(form, request))

    return _answering(handler)


def session_door(form: type[F], work: SessionWork[F]) -> Handler:
    """A handler for whoever is signed in and sends a JSON form with the session's CSRF token."""

    async def handler(house: "House", request: HttpRequest) -> HttpResponse:
        _refuse_others(house, request)
        session = await signed_in(house, request)
        given = request.header(CSRF_HEADER) or ""
        if not compare_digest(given.encode(), session.csrf.encode()):
            raise Refused(403, "BadCsrfToken", f"The header {CSRF_HEADER} is not this session's.")
        return await work(house, request, session, _read(form, request))

    return _answering(handler)


def page_door(work: Handler) -> Handler:
    """A handler without a form, for what changes nothing."""

    async def handler(house: "House", request: HttpRequest) -> HttpResponse:
        _refuse_foreign(house, request)
        return await work(house, request)

    return _answering(handler)


async def signed_in(house: "House", request: HttpRequest) -> ConsoleSession:
    """The session of whoever is signed in."""
    session = await current_session(house, request)
    if session is None:
        raise not_signed_in()
    return session


def not_signed_in() -> Refused:
    """No session, or none that still counts."""
    return Refused(401, "NotSignedIn", "Nobody is signed in, or the session has ended.")


def _answering(work: Handler) -> Handler:
    async def handler(house: "House", request: HttpRequest) -> HttpResponse:
        try:
            return await work(house, request)
        except Refused as no:
            return _refusal(no)
        except AwsError as error:
            return _refusal(refused(error))
        except NotAuthentic as no:
            return said({"error": no.code, "message": no.message}, status=403)
        except StoreUnavailable as error:
            log.error("the store does not answer: %s", error)  # noqa: TRY400
            return said({"error": "ServiceUnavailable", "message": "Try again."}, status=503)
        except Exception:
            log.exception("unexpected")
            return said({"error": "InternalFailure", "message": "Nothing was done."}, status=500)

    return handler


def _refusal(no: Refused) -> HttpResponse:
    body = {"error": no.error, "message": no.message, **no.details}
    wait_s = no.details.get("retry_after_s")
    headers = (("retry-after", str(wait_s)),) if wait_s else ()
    return said(body, *headers, status=no.status)


def refused(error: AwsError) -> Refused:
    """A refusal of AWS's, as a page gets it."""
    if isinstance(error, Throttling):
        return Refused(429, "TooManyTries", "Too many wrong tries. Wait a while.")
    declared = models.service("iam").error(error.code)
    status = declared.status if declared else error.status or 400
    return Refused(status, error.code, error.message)


def _refuse_others(house: "House", request: HttpRequest) -> None:
    _refuse_foreign(house, request)
    if not house.is_ready():
        raise StoreUnavailable("this node is behind the others")
    if not request.secure and host_name(request) not in LOCAL_HOSTS:
        raise Refused(
            403,
            "NotSecure",
            "People sign in over TLS. Behind a proxy that speaks TLS, name its address in the"
            " setting http.trusted_proxies.",
        )
    if (request.header("content-type") or "").partition(";")[0].strip().lower() != JSON:
        # INVARIANT: a page of another origin can send no JSON without asking us first.
        raise Refused(415, "NotJson", f"The body is to be {JSON}.")
    if len(request.body) > LARGEST_FORM:
        raise Refused(413, "TooLarge", f"The body is to be {LARGEST_FORM} bytes at most.")


def _refuse_foreign(house: "House", request: HttpRequest) -> None:
    refuse_oversized_head(request)
    if not Guard(house.settings).is_own_page(request):
        raise Refused(403, "ForeignOrigin", "This address answers to its own pages alone.")


def _read(form: type[F], request: HttpRequest) -> F:
    try:
        return msgspec.json.decode(request.body or b"{}", type=form)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Refused(400, "BadForm", _told(error)) from None


def _told(error: Exception) -> str:
    return "The form is nested too deeply." if isinstance(error, RecursionError) else str(error)
