"""`name=value&name=value`: query strings and form bodies."""

from urllib.parse import unquote_to_bytes

from doorward.wire.errors import MalformedInput

MOST_FIELDS = 50_000
"""No operation takes as many; without a bound a small body could cost seconds."""


def read_pairs(text: str) -> list[tuple[str, str]]:
    """The pairs in order, percent-decoded; a name without `=` has the value "".

    Raises:
        MalformedInput: too many pairs, or bytes that are not UTF-8.
    """
    if not text:
        return []
    if text.count("&") >= MOST_FIELDS:
        raise MalformedInput("The request has too many parameters.")
    pairs = (pair.partition("=") for pair in text.split("&") if pair)
    return [(decoded(name), decoded(value)) for name, _, value in pairs]


def form_text(body: bytes) -> str:
    """A form's body as text, still percent-encoded."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedInput("The request body is not valid UTF-8.") from error


def decoded(text: str) -> str:
    """One percent-encoded name or value; `+` is a blank."""
    if "+" in text:
        text = text.replace("+", " ")
    if "%" not in text:
        return text
    try:
        return unquote_to_bytes(text).decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedInput("The request holds percent-encoded text that is not UTF-8.") from error
