"""The one way to write a request down, so that both sides hash the same bytes.

Text of a request is what came off the wire, one character a byte (latin-1, as ASGI gives it).

Source: AWS General Reference, Signature Version 4, "Create a canonical request".
"""

import re
from hashlib import sha256
from urllib.parse import quote, unquote_to_bytes

from doorward.authn.request import HttpRequest

UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD"

_RUN_OF_BLANKS = re.compile(r"[ \t]+")


def canonical_request(
    request: HttpRequest,
    headers: dict[str, str],
    signed: list[str],
    *,
    s3: bool = False,
    presigned: bool = False,
) -> str:
    """Write the request down.

    Args:
        request: As it came.
        headers: Its `joined_headers`.
        signed: The lower-case names of the signed headers, sorted.
        s3: Leave the path as sent, and let the client decide about the payload.
        presigned: The signature is in the query, and left out there.

    Raises:
        KeyError: a signed header is not in the request.
    """
    # SPEED: one f-string and no intermediate objects; this runs for every request.
    lines = "".join([f"{name}:{headers[name]}\n" for name in signed])
    query = canonical_query(request.query, presigned=presigned) if request.query else ""
    path = request.path if s3 else canonical_path(request.path)
    payload = s3_payload_hash(request, headers, presigned) if s3 else payload_hash(request)
    return f"{request.method}\n{path}\n{query}\n{lines}\n{';'.join(signed)}\n{payload}"


def joined_headers(headers: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Each name once: values trimmed, runs of blanks collapsed, repeats joined by commas."""
    joined: dict[str, str] = {}
    for name, sent in headers:
        value = sent.strip(" \t")
        if "  " in value or "\t" in value:
            value = _RUN_OF_BLANKS.sub(" ", value)
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    return joined


def canonical_path(path: str) -> str:
    """Resolve dot segments and repeated slashes, then encode once more what came encoded."""
    if path in {"/", ""}:
        return "/"
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del kept[-1:]
        elif segment not in {"", "."}:
            kept.append(segment)
    last = "/" if kept and path.endswith("/") else ""
    return quote(wire_bytes(f"/{'/'.join(kept)}{last}"), safe="/~")


def canonical_query(query: str, *, presigned: bool = False) -> str:
    """Decode and encode each name and value in the one right way, then sort."""
    split = [pair.partition("=") for pair in query.split("&")]
    pairs = sorted((_encoded(name), _encoded(value)) for name, _, value in split)
    skip = "X-Amz-Signature" if presigned else None
    return "&".join(f"{name}={value}" for name, value in pairs if name != skip)


def payload_hash(request: HttpRequest) -> str:
    """The body's SHA-256 in lower-case hex; as it is said to be, where only that is known."""
    said = request.body_sha256
    return sha256(request.body).hexdigest() if said is None else said


def s3_payload_hash(request: HttpRequest, headers: dict[str, str], presigned: bool) -> str:
    """What S3 takes in the body's place: some clients do not hash it, or sign it in chunks."""
    if presigned:
        return UNSIGNED_PAYLOAD
    said = headers.get("x-amz-content-sha256", "")
    if said.startswith("STREAMING-") or (said == UNSIGNED_PAYLOAD and request.secure):
        return said
    return payload_hash(request)


def wire_bytes(text: str) -> bytes:
    """The bytes that came; what no wire can carry is written out rather than raised upon."""
    return text.encode("latin-1", "backslashreplace")


def _encoded(text: str) -> str:
    # INVARIANT: `+` is a blank, as it is for whoever reads the parameters; if the two differed,
    # a signed `%2B` could be turned into a blank on the way.
    return quote(unquote_to_bytes(wire_bytes(text.replace("+", " "))), safe="")
