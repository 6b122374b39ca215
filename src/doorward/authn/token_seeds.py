"""The seed of a hardware token, as its maker hands it over."""

import re
from dataclasses import dataclass, field

SHORTEST_SEED = 16
LONGEST_SEED = 64
_SERIAL = re.compile(r"(?!arn:)[A-Za-z0-9_+=/:,.@-]{9,256}")


class BadSeedFile(ValueError):  # noqa: N818 - what it is
    """A file of seeds that is not taken; says which line or token and why, never a seed."""


@dataclass(frozen=True, slots=True)
class TokenSeed:
    """A token's serial number, as it is printed on it, and its secret."""

    serial: str
    seed: bytes = field(repr=False)


def token_seed(where: str, serial: str, seed: bytes) -> TokenSeed:
    """A seed that can be used.

    Raises:
        BadSeedFile: no serial number IAM would take, or a seed too short to be safe.

    Source: IAM's model (serialNumberType); RFC 4226 section 4, R6.
    """
    if not _SERIAL.fullmatch(serial):
        # It is not shown: where columns are in another order, it is the seed.
        raise BadSeedFile(f"{where}: its serial number is none: 9 to 256 of A-Z a-z 0-9 _+=/:,.@-")
    if not SHORTEST_SEED <= len(seed) <= LONGEST_SEED:
        raise BadSeedFile(
            f"{where}: a seed has {SHORTEST_SEED} to {LONGEST_SEED} bytes, this has {len(seed)}"
        )
    return TokenSeed(serial, seed)


def refuse_other_codes(where: str, **said: str | None) -> None:
    """Refuse a token whose codes IAM does not take.

    Args:
        where: The line or token.
        said: `digits`, `interval` and `algorithm`, None where the file does not say.

    Raises:
        BadSeedFile: other than six digits, every 30 s, by SHA-1.
    """
    usual = {"digits": {"6"}, "interval": {"30", "30s"}, "algorithm": {"sha1", "hmacsha1"}}
    for name, value in said.items():
        plain = re.sub(r"[^a-z0-9]", "", (value or "").lower())
        if plain and plain not in usual[name]:
            raise BadSeedFile(
                f"{where}: {name} is {value}; codes have six digits, every 30 s, by SHA-1"
            )
