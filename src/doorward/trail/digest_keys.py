"""The keys that sign digests: RSA of 2048 bits, SHA-256, PKCS #1 v1.5.

Source: CloudTrail guide, "CloudTrail digest file structure"; recorded keys, digest_public_keys.
"""

import hashlib
from functools import lru_cache

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
    load_der_public_key,
)

BITS = 2048


def private_bytes(key: RSAPrivateKey) -> bytes:
    """A private key as the vault keeps it: PKCS #8, DER."""
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def public_bytes(private: bytes) -> bytes:
    """The public key as ListPublicKeys shows it: PKCS #1, DER."""
    return _private(private).public_key().public_bytes(Encoding.DER, PublicFormat.PKCS1)


def fingerprint(public: bytes) -> str:
    """How digests name a key."""
    return hashlib.md5(public, usedforsecurity=False).hexdigest()


def signature(private: bytes, text: bytes) -> str:
    """The signature over a text, in hex; the same for the same key and text."""
    return _private(private).sign(text, PKCS1v15(), SHA256()).hex()


def is_signed(public: bytes, text: bytes, claimed: str) -> bool:
    """Whether the holder of the key signed the text."""
    try:
        key = load_der_public_key(public)
        if not isinstance(key, RSAPublicKey):
            return False
        key.verify(bytes.fromhex(claimed), text, PKCS1v15(), SHA256())
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return True


# SPEED: reading a key checks its numbers, which takes as long as ten signatures.
@lru_cache(maxsize=8)
def _private(private: bytes) -> RSAPrivateKey:
    key = load_der_private_key(private, None)
    assert isinstance(key, RSAPrivateKey)  # noqa: S101 - the vault holds what we put there
    return key
