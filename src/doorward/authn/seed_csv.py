"""Seeds of hardware tokens in CSV: `serial,seed`, in hex or base32, with a line of names or not."""

import base64
import binascii
import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO

from doorward.authn.token_seeds import (
    BadSeedFile,
    TokenSeed,
    refuse_other_codes,
    token_seed,
)

_NAMES: Mapping[str, str] = {
    **dict.fromkeys(("serial", "serialnumber", "serialno", "sn", "tokenserial"), "serial"),
    **dict.fromkeys(("seed", "secret", "secretkey", "sharedsecret", "key", "tokenseed"), "seed"),
    **dict.fromkeys(("timeinterval", "interval", "period", "timestep"), "interval"),
    **dict.fromkeys(("digits", "otplength", "codelength"), "digits"),
    **dict.fromkeys(("algorithm", "hash", "hashalgorithm"), "algorithm"),
}
_UNNAMED = ("serial", "seed")
_SEPARATORS = ",;\t"
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+")


def read_csv(content: bytes) -> Iterator[TokenSeed]:
    """The tokens, line by line.

    Raises:
        BadSeedFile: what is wrong, and in which line.
    """
    lines = list(_lines(content))
    if not lines:
        raise BadSeedFile("there is no line in it")
    named = _columns(lines[0][1])
    for number, cells in lines[1:] if named else lines:
        where = f"line {number}"
        if not named and len(cells) != len(_UNNAMED):
            raise BadSeedFile(f"{where}: {len(cells)} columns; name them in a first line")
        yield _token(where, dict(zip(named or _UNNAMED, cells, strict=False)))


def _lines(content: bytes) -> Iterator[tuple[int, Sequence[str]]]:
    """The lines that say something, with their numbers."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadSeedFile("it is not text") from None
    first = text.lstrip().partition("\n")[0]
    separator = max(_SEPARATORS, key=first.count)
    reader = csv.reader(StringIO(text), delimiter=separator)
    try:
        for cells in reader:
            trimmed = [cell.strip() for cell in cells]
            if any(trimmed) and not trimmed[0].startswith("#"):
                yield reader.line_num, trimmed
    except csv.Error as error:
        raise BadSeedFile(f"line {reader.line_num}: {error}") from None


def _columns(cells: Sequence[str]) -> list[str] | None:
    """What each column is, where this line names them."""
    found = [_NAMES.get(re.sub(r"[^a-z0-9]", "", cell.lower()), "") for cell in cells]
    return found if {"serial", "seed"} <= set(found) else None


def _token(where: str, row: Mapping[str, str]) -> TokenSeed:
    refuse_other_codes(
        where,
        digits=row.get("digits"),
        interval=row.get("interval"),
        algorithm=row.get("algorithm"),
    )
    return token_seed(where, row.get("serial", ""), _seed(where, row.get("seed", "")))


def _seed(where: str, text: str) -> bytes:
    """Hex where it can be hex: a base32 seed of 32 letters and more never looks like it."""
    plain = re.sub(r"[\s:-]", "", text)
    if _HEX.fullmatch(plain):
        return bytes.fromhex(plain)
    padded = plain.rstrip("=").upper()
    try:
        return base64.b32decode(padded + "=" * (-len(padded) % 8))
    except (binascii.Error, ValueError):
        raise BadSeedFile(f"{where}: the seed is neither hex nor base32") from None
