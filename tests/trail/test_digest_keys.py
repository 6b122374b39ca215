import base64

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)

from doorward.trail.digest_keys import (
    fingerprint,
    is_signed,
    private_bytes,
    public_bytes,
    signature,
)

PRIVATE = private_bytes(rsa.generate_private_key(65537, 2048))
PUBLIC = public_bytes(PRIVATE)
TEXT = b"2026-03-01T02:00:00Z\nb/d2\nabc\nnull"


def test_the_public_key_is_pkcs1():
    key = load_der_public_key(PUBLIC)
    assert key.public_bytes(Encoding.DER, PublicFormat.PKCS1) == PUBLIC
    assert len(fingerprint(PUBLIC)) == 32
    assert int(fingerprint(PUBLIC), 16)


def test_the_fingerprint_is_md5():
    # The known hash of nothing.
    assert fingerprint(b"") == "d41d8cd98f00b204e9800998ecf8427e"


def test_a_signature_proves_its_text_alone():
    signed = signature(PRIVATE, TEXT)
    assert signed == signature(PRIVATE, TEXT)
    assert len(signed) == 512
    assert is_signed(PUBLIC, TEXT, signed)
    assert not is_signed(PUBLIC, TEXT + b" ", signed)


OTHER = public_bytes(private_bytes(rsa.generate_private_key(65537, 2048)))
CURVE = ec.generate_private_key(ec.SECP256R1()).public_key()


@pytest.mark.parametrize(
    ("public", "signed"),
    [
        (OTHER, signature(PRIVATE, TEXT)),
        (b"", signature(PRIVATE, TEXT)),
        (
            CURVE.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
            signature(PRIVATE, TEXT),
        ),
        (PUBLIC, ""),
        (PUBLIC, "zz"),
        (PUBLIC, "00" * 256),
        (PUBLIC, base64.b64encode(bytes.fromhex(signature(PRIVATE, TEXT))).decode()),
    ],
)
def test_what_proves_nothing(public, signed):
    assert not is_signed(public, TEXT, signed)
