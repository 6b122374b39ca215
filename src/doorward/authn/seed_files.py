"""Files in which makers of hardware tokens hand over their seeds."""

from doorward.authn.seed_csv import read_csv
from doorward.authn.seed_pskc import read_pskc
from doorward.authn.token_seeds import BadSeedFile, TokenSeed

_KEY_BYTES = frozenset({16, 24, 32})


def read_seeds(content: bytes, key: bytes | None = None) -> list[TokenSeed]:
    """All tokens of a file, or none.

    Args:
        content: CSV or PSKC.
        key: The AES key agreed on with whoever made the file; None where it is plain.

    Raises:
        BadSeedFile: it is neither, or one of its tokens is not taken.
    """
    if key is not None and len(key) not in _KEY_BYTES:
        raise BadSeedFile("the key is no AES key: 32, 48 or 64 hex digits")
    tokens = list(read_pskc(content, key) if _is_xml(content) else read_csv(content))
    seen: set[str] = set()
    for token in tokens:
        if token.serial.lower() in seen:
            raise BadSeedFile(f"{token.serial} is in it twice")
        seen.add(token.serial.lower())
    return tokens


def _is_xml(content: bytes) -> bool:
    start = content.removeprefix(b"\xef\xbb\xbf").lstrip()
    return start.startswith((b"<", b"\xff\xfe", b"\xfe\xff"))
