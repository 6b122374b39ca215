"""CBOR bodies, for the protocol smithy-rpc-v2-cbor.

Source: Smithy RPC v2 CBOR protocol. Of CBOR's tags the protocol has one, epoch seconds; all others
are refused, because libraries make shared references, regular expressions and numbers of any size
of them.
"""

import io
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from doorward.catalog.models import Shape
from doorward.wire.errors import SerializationException
from doorward.wire.xml import refuse_other_than, refuse_strangers

DEEPEST = 64
EPOCH_SECONDS = 1
KNOWN_TAGS = frozenset(
    # What the library decodes by itself; any other tag goes to its hook.
    {0, 1, 2, 3, 4, 5, 25, 28, 29, 30, 35, 36, 37, 52, 54, 100, 256, 258, 260, 261, 1004}
    | {43000, 55799}
)
TYPES = (dict, list, str, bytes, bool, int, float, type(None))


def decode_cbor(body: bytes) -> Any:
    """One CBOR value; times are numbers of seconds, no body at all is an empty map.

    Raises:
        SerializationException: no CBOR, more than one value, a tag or a key the protocol does not
            have, or nested too deeply.
    """
    if not body:
        return {}
    from cbor2 import CBORDecodeError, CBORDecoder, undefined

    stream = io.BytesIO(body)
    decoder = CBORDecoder(
        stream,
        tag_hook=_refuse,
        semantic_decoders=_TAGS,
        read_size=1,
        max_depth=DEEPEST,
        strict_hashable_types=True,
    )
    try:
        found = decoder.decode()
    except (CBORDecodeError, ValueError, OverflowError, RecursionError) as error:
        raise SerializationException("The request body is not valid CBOR.") from error
    if stream.read(1):
        raise SerializationException("The request body holds more than one value.")
    return _plain(found, undefined)


def _refuse(*_: Any) -> Any:
    raise ValueError("the protocol has no such tag")


def _seconds(value: Any, _immutable: bool) -> Any:
    return value


_Tag = Callable[[Any, bool], Any]
_TAGS: Mapping[int, _Tag] = MappingProxyType(
    dict.fromkeys(KNOWN_TAGS, _refuse) | {EPOCH_SECONDS: _seconds}
)


def _plain(value: Any, undefined: Any) -> Any:
    """The value in the types JSON has, and bytes."""
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise SerializationException("A key of the request body is no text.")
        return {key: _plain(part, undefined) for key, part in value.items()}
    if isinstance(value, list):
        return [_plain(part, undefined) for part in value]
    if value is undefined:
        return None
    if not isinstance(value, TYPES):
        raise SerializationException("The request body holds a value of an unknown type.")
    return value


def cbor_body(shape: Shape, result: Mapping[str, Any]) -> bytes:
    """A result as CBOR, times as epoch seconds.

    Raises:
        TypeError: it has members the model does not know, or values of other types.
    """
    from cbor2 import dumps

    return dumps(_sent(shape, result), datetime_as_timestamp=True)


def _sent(shape: Shape, value: Any) -> Any:
    if shape.type == "structure":
        refuse_strangers(value, shape)
        members = shape.members
        return {
            members[name].location_name or name: _sent(members[name], part)
            for name, part in value.items()
            if part is not None
        }
    if shape.type == "list":
        refuse_other_than((list, tuple), value, shape)
        return [_sent(shape.member, part) for part in value]
    if shape.type == "map":
        refuse_other_than(Mapping, value, shape)
        return {key: _sent(shape.value, part) for key, part in value.items()}
    if shape.type == "timestamp":
        # Milliseconds, as the same time is told in the other protocols.
        return value.replace(microsecond=value.microsecond // 1000 * 1000)
    return float(value) if shape.type in {"double", "float"} else value
