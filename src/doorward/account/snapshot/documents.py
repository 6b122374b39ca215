"""Policy documents as tools print them: an object, JSON text, or JSON text percent-encoded."""

from urllib.parse import unquote

import msgspec

from doorward.account.snapshot.places import Place


def document(raw: msgspec.Raw, place: Place) -> str:
    """The text of a policy document, numbers as they were spelled.

    Raises:
        SnapshotError: it is none of the three forms.
    """
    try:
        text = _text(bytes(raw).decode())
        msgspec.json.decode(text, type=dict[str, msgspec.Raw])
    except (UnicodeDecodeError, msgspec.DecodeError):
        raise place.fault("a policy document is a JSON object") from None
    return text


def _text(found: str) -> str:
    if not found.startswith('"'):
        return found
    text = msgspec.json.decode(found, type=str)
    return text if text.lstrip().startswith("{") else unquote(text)
