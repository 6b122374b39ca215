"""The picture an authenticator app reads a seed from.

Source: the key URI format (`otpauth://totp/...`) that all such apps read.
"""

from base64 import b32encode
from io import BytesIO
from urllib.parse import quote

ISSUER = "Doorward"
_PIXELS_A_SQUARE = 4


def otpauth(label: str, seed: bytes) -> str:
    """The URI of a seed; SHA-1, six digits and 30 s are what apps take where it says nothing."""
    secret = b32encode(seed).decode()
    return f"otpauth://totp/{ISSUER}:{quote(label, safe='@')}?secret={secret}&issuer={ISSUER}"


def png(text: str) -> bytes:
    """The QR code of a text, as a PNG picture."""
    import segno

    file = BytesIO()
    segno.make(text, error="m", micro=False).save(file, kind="png", scale=_PIXELS_A_SQUARE)
    return file.getvalue()
