"""What a question to `POST /authorize` may look like; wrong types are refused by their path."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import UNSET, Struct, UnsetType

from doorward.account.tags import Tag
from doorward.authn.request import HttpRequest
from doorward.catalog.keys import key_fact
from doorward.policy.variables import Values
from doorward.services.doorward.errors import ValidationException

LONGEST_POLICY = 131_072
"""Characters, as in AWS's simulator; every policy that is read stays in memory for a while."""

ContextValue = str | list[str] | bool | int | float

_METHOD = re.compile(r"[A-Z]{1,32}")
_HEADER = re.compile(r"[a-z0-9!#$%&'*+.^_`|~-]{1,256}")
_ACCOUNT = re.compile(r"[0-9]{12}")


class SignedRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """A request as the application received it.

    Attributes:
        url: Path and query as sent, with scheme and authority or without.
        body_sha256: In place of a body that is large or no text.
    """

    method: str
    url: str
    headers: dict[str, str | list[str]]
    body: str | UnsetType = UNSET
    body_sha256: str | UnsetType = UNSET


class Question(Struct, frozen=True, forbid_unknown_fields=True):
    """One question.

    Attributes:
        principal: An ARN or a service's name; null is nobody, which is not the same as no member.
    """

    principal: str | UnsetType | None = UNSET
    action: str | UnsetType = UNSET
    resource: str | UnsetType = UNSET
    resource_account: str | UnsetType = UNSET
    context: dict[str, ContextValue] | UnsetType = UNSET
    resource_policy: str | dict[str, Any] | UnsetType = UNSET
    resource_tags: dict[str, str] | UnsetType = UNSET
    request: SignedRequest | UnsetType = UNSET
    explain: bool = False


def read_form(value: Any, form: Any, place: str = "") -> Any:
    """A value as a form.

    Args:
        value: As JSON gave it.
        form: The type wanted, a union where there are several.
        place: Where the value stands, as in `batch[3]`; empty for the body itself.

    Raises:
        ValidationException: names the path of what is wrong.
    """
    try:
        return msgspec.convert(value, form)
    except msgspec.ValidationError as error:
        reason, _, path = str(error).partition(" - at `$")
        raise ValidationException.at(
            f"{place}{path.rstrip('`')}".strip(".") or "body", reason
        ) from None


def request_of(form: SignedRequest, place: str, *, source: str = "") -> HttpRequest:
    """The request a form describes, as if it had come here.

    Raises:
        ValidationException: it could not have come over HTTP.
    """
    scheme, authority, target = _parts(form.url)
    path, _, query = target.partition("?")
    headers = [
        (name.lower(), value)
        for name, values in form.headers.items()
        for value in ([values] if isinstance(values, str) else values)
    ]
    if authority and not any(name == "host" for name, _ in headers):
        headers.append(("host", authority))
    _refuse_what_http_cannot_carry(form, headers, place)
    body, digest = _body(form, place)
    return HttpRequest(
        form.method,
        path or "/",
        query,
        tuple(headers),
        body,
        source,
        scheme == "https",
        digest,
    )


def _refuse_what_http_cannot_carry(
    form: SignedRequest, headers: list[tuple[str, str]], place: str
) -> None:
    if not _METHOD.fullmatch(form.method):
        raise ValidationException.at(f"{place}.method", "expected the name of a method")
    if not is_carried(form.url) or set(form.url) & {"#", " "}:
        raise ValidationException.at(f"{place}.url", "expected a URL as it is sent")
    for name, value in headers:
        if not _HEADER.fullmatch(name) or not is_carried(value):
            raise ValidationException.at(f"{place}.headers.{name[:80]}", "is no HTTP header")


def is_carried(text: str) -> bool:
    """HTTP can carry the text in a line: no control characters, nothing beyond latin-1."""
    return all(" " <= each <= "~" or "\x80" <= each <= "\xff" for each in text)


def is_account(text: str) -> bool:
    """An account's id."""
    return _ACCOUNT.fullmatch(text) is not None


def context_values(given: Mapping[str, ContextValue], place: str) -> dict[str, Values]:
    """The keys a caller gave, in lower case, values as text, one or many as in a live call.

    Raises:
        ValidationException: a key without its service, one given twice, or with too many values.
    """
    found: dict[str, Values] = {}
    for key, value in given.items():
        folded = key.lower()
        if ":" not in key:
            raise ValidationException.at(f"{place}.{key[:80]}", "a condition key has a colon")
        if folded in found:
            raise ValidationException.at(f"{place}.{key[:80]}", "given twice, in different case")
        found[folded] = _values(folded, value, f"{place}.{key[:80]}")
    return found


def _values(key: str, value: ContextValue, place: str) -> Values:
    # INVARIANT: operators for one value and those for sets tell text from a list: a Deny with
    # StringNotEquals that meets a list where a call brings text would not apply.
    fact = key_fact(key)
    if not isinstance(value, list):
        return (_text(value),) if fact and fact.multi else _text(value)
    if fact is None or fact.multi:
        return tuple(value)
    if len(value) != 1:
        raise ValidationException.at(place, "expected one value")
    return value[0]


def policy_text(given: str | Mapping[str, Any], place: str) -> str:
    """A policy as text.

    Raises:
        ValidationException: it is longer than any policy may be.
    """
    text = given if isinstance(given, str) else msgspec.json.encode(given).decode()
    if len(text) > LONGEST_POLICY:
        raise ValidationException.at(place, f"at most {LONGEST_POLICY} characters")
    return text


def tags_of(given: Mapping[str, str]) -> tuple[Tag, ...]:
    """Tags of a resource."""
    return tuple(Tag(key, value) for key, value in given.items())


def _text(value: str | bool | float) -> str:
    if isinstance(value, str):
        return value
    return str(value).lower() if isinstance(value, bool) else str(value)


def _parts(url: str) -> tuple[str, str, str]:
    """Scheme, authority and the rest of a URL, nothing decoded; the first two may be empty."""
    scheme, separator, rest = url.partition("://")
    if not separator or "/" in scheme or "?" in scheme:
        return "", "", url
    authority, slash, target = rest.partition("/")
    if "?" in authority:
        authority, _, query = authority.partition("?")
        return scheme.lower(), authority, f"/?{query}"
    return scheme.lower(), authority, f"{slash}{target}"


def _body(form: SignedRequest, place: str) -> tuple[bytes, str | None]:
    if form.body_sha256 is UNSET:
        return (b"" if form.body is UNSET else form.body.encode()), None
    if form.body is not UNSET:
        raise ValidationException.at(place, "give body or body_sha256, not both")
    if not is_digest(form.body_sha256):
        raise ValidationException.at(f"{place}.body_sha256", "expected 64 hexadecimal digits")
    return b"", form.body_sha256


def is_digest(text: str) -> bool:
    """A SHA-256 in hexadecimal, as signers write it."""
    return len(text) == 64 and set(text) <= set("0123456789abcdef")  # noqa: PLR2004 - 256 bits
