"""Is this a certificate, its private key, and a chain that leads on from it?

Source: recorded answers, certificates and certificate_edges: elliptic curves and 1024-bit keys
are taken, a missing chain and a repeated link too.
"""

from datetime import datetime
from itertools import pairwise

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes, PublicKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509 import Certificate, InvalidVersion, load_pem_x509_certificates

from doorward.services.iam.credential_errors import InvalidCertificate, UnreadableCertificate
from doorward.services.iam.errors import KeyPairMismatch, MalformedCertificate

LEAST_BITS = 1024
"""Of the RSA key of a signing certificate. Source: IAM guide, "Managing signing certificates"."""
_BROKEN = (ValueError, TypeError, UnsupportedAlgorithm, InvalidVersion)


def expiry(body: str, private_key: str, chain: str | None, now: datetime) -> datetime:
    """Check the three and tell when the certificate ends.

    Raises:
        MalformedCertificate: one of them does not parse, the certificate is over, or a link of
            the chain did not sign the one before it.
        KeyPairMismatch: the key is another certificate's.
    """
    certificate, public_key, expires = _single(body)
    if _bytes(_private_key(private_key).public_key()) != public_key:
        raise KeyPairMismatch.keys()
    if expires <= now:
        raise MalformedCertificate.expired()
    if chain:
        _refuse_broken_chain([certificate, *_links(chain)])
    return expires


def signing_certificate(body: str, now: datetime) -> str:
    """Check a certificate that comes without its key; the certificate alone, in PEM.

    Raises:
        MalformedCertificate: it does not parse, or it is over.
        InvalidCertificate: its key is none that AWS takes.
    """
    try:
        certificate, _, expires = _single(body)
    except MalformedCertificate:
        raise UnreadableCertificate.of(body) from None
    if expires <= now:
        raise MalformedCertificate.expired()
    key = certificate.public_key()
    if not isinstance(key, RSAPublicKey) or key.key_size < LEAST_BITS:
        raise InvalidCertificate.key(LEAST_BITS)
    return certificate.public_bytes(Encoding.PEM).decode()


def _single(body: str) -> tuple[Certificate, bytes, datetime]:
    """The one certificate, its public key and its end, all three read: parsing is lazy."""
    try:
        (found,) = _certificates(body)
        return found, _bytes(found.public_key()), found.not_valid_after_utc
    except _BROKEN:
        raise MalformedCertificate.not_pem() from None


def _links(chain: str) -> list[Certificate]:
    found = _certificates(chain)
    if not found:
        raise MalformedCertificate.chain_not_pem()
    return found


def _certificates(pem: str) -> list[Certificate]:
    try:
        return load_pem_x509_certificates(pem.encode())
    except _BROKEN:
        return []


def _private_key(pem: str) -> PrivateKeyTypes:
    try:
        return load_pem_private_key(pem.encode(), password=None)
    except _BROKEN:
        raise MalformedCertificate.not_pem() from None


def _bytes(key: PublicKeyTypes) -> bytes:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _refuse_broken_chain(links: list[Certificate]) -> None:
    for index, (signed, signer) in enumerate(pairwise(links)):
        if not _is_signed_by(signed, signer):
            # AWS: counted in the chain, where the first link has the index -1.
            raise MalformedCertificate.chain(index or -1)


def _is_signed_by(signed: Certificate, signer: Certificate) -> bool:
    try:
        signed.verify_directly_issued_by(signer)
    except (*_BROKEN, InvalidSignature):
        return False
    return True
