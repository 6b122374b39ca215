"""The context of a simulation: the entries given, over the keys the simulator fills in itself."""

from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from doorward.policy import Principal
from doorward.policy.conditions.binary import decoded
from doorward.policy.conditions.dates import instant
from doorward.policy.conditions.ips import address
from doorward.policy.conditions.numeric import number
from doorward.policy.variables import Values
from doorward.services.iam.errors import InvalidSimulation

STUB_USER_ID: Final = "STUB_PRINCIPAL_FOR_POLICY_SIMULATOR"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LIST: Final = "List"


def defaults(caller: Principal | None, account: str, now: datetime) -> dict[str, Values]:
    """What a simulated request carries unless an entry says otherwise, in lower case.

    Args:
        caller: Who is simulated; `None` where nobody was named.
        account: Of the one who asks, which stands in for the caller's.
        now: Aware UTC.

    Source: recorded answers, simulation_defaults; the time keys are ours, as no request lacks them.
    """
    found: dict[str, Values] = {
        "aws:currenttime": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        "aws:epochtime": str(int(now.timestamp())),
        "aws:principalaccount": caller.account if caller else account,
        # AWS: not the caller's unique id but its ARN.
        "aws:userid": caller.arn if caller else STUB_USER_ID,
    }
    if caller:
        found["aws:principalarn"] = caller.arn
        if ":user/" in caller.arn:
            found["aws:username"] = caller.arn.rpartition("/")[2]
    return found


def given(entries: Iterable[Mapping[str, Any]]) -> dict[str, Values]:
    """The context entries, keys in lower case, values in the spelling of their type.

    Raises:
        InvalidSimulation: an entry lacks something, is given twice, or is not of its type.
    """
    found: dict[str, Values] = {}
    for entry in entries:
        if not entry:  # AWS: an empty entry is ignored, as recorded.
            continue
        key, value = _entry(entry)
        if key.lower() in found:
            raise InvalidSimulation.context_duplicate(key)
        found[key.lower()] = value
    return found


def _entry(entry: Mapping[str, Any]) -> tuple[str, Values]:
    key = entry.get("ContextKeyName")
    if not key:
        raise InvalidSimulation.context_name()
    kind, values = entry.get("ContextKeyType"), entry.get("ContextKeyValues")
    if kind is None:
        raise InvalidSimulation.context_type(key)
    if not values:
        raise InvalidSimulation.context_values(key)
    single = not kind.endswith(_LIST)
    if single and len(values) > 1:
        raise InvalidSimulation.context_count(kind, len(values))
    read = tuple(_value(key, kind.removesuffix(_LIST), value) for value in values)
    return key, read[0] if single else read


def _value(key: str, kind: str, text: str) -> str:
    if kind not in _TYPES:
        return text
    spell, wanted = _TYPES[kind]
    spelled = spell(text)
    if spelled is None:
        raise InvalidSimulation.context_format(key, wanted)
    return spelled


def _number(text: str) -> str | None:
    """AWS spells the exact decimal: `01.00` becomes `1.00`."""
    read = number(text)
    return None if read is None else str(read)


def _date(text: str) -> str | None:
    """AWS spells the instant in UTC with milliseconds, also where the text was epoch seconds."""
    at_ms = instant(text)
    if at_ms is None:
        return None
    try:
        at = _EPOCH + timedelta(milliseconds=at_ms)
    except OverflowError:
        return text
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z"


def _ip(text: str) -> str | None:
    return text if address(text) else None


def _binary(text: str) -> str | None:
    """Strict base64 only: `YQ` and `YR==` are refused."""
    read = decoded(text)
    return text if read is not None and b64encode(read).decode() == text else None


_TYPES: Mapping[str, tuple[Callable[[str], str | None], str]] = {
    "numeric": (_number, "numeric format"),
    "date": (_date, "DateTime format"),
    "ip": (_ip, "IP address"),
    "binary": (_binary, "base-64 encoded binary format"),
}
"""Types with a format; strings and booleans are any text. Source: recorded, simulation_inputs."""
