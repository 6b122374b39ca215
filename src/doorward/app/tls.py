"""A certificate authority of one's own, and a server certificate by it, for `up --tls-auto`."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY_LIFE = timedelta(days=3650)
SERVER_LIFE = timedelta(days=397)
RENEWED_BEFORE = timedelta(days=30)
BACKDATED = timedelta(hours=1)
LOCAL = ("localhost", "127.0.0.1", "::1")
EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 - they are no names to certify

Key = ec.EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """PEM files: the authority clients are to trust, the server's chain, its key."""

    authority: Path
    chain: Path
    key: Path


@dataclass(frozen=True, slots=True)
class _Pair:
    certificate: x509.Certificate
    key: Key


def tls_files(directory: Path, host: str, now: datetime) -> TlsFiles:
    """Make what is missing, about to end or for another host; the rest is used again.

    Args:
        directory: Holds the files, all 0600; made if need be.
        host: Name or address the server is reached by, beside localhost.
        now: Aware UTC.

    Raises:
        OSError: the files cannot be read or written.
        ValueError: what is there is no PEM.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    authority = _kept(directory, "ca", now)
    if authority is None:
        authority = _new_authority(now)
        _keep(directory, "ca", authority)
    server = _kept(directory, "server", now)
    names = dict.fromkeys([*LOCAL, *({host} - EVERYWHERE)])
    if server is None or not _serves(server.certificate, names, authority.certificate):
        server = _new_server(authority, names, now)
        _keep(directory, "server", server)
    return TlsFiles(directory / "ca.pem", directory / "server.pem", directory / "server.key")


def _kept(directory: Path, name: str, now: datetime) -> _Pair | None:
    certificate_file, key_file = directory / f"{name}.pem", directory / f"{name}.key"
    if not (certificate_file.exists() and key_file.exists()):
        return None
    certificate = x509.load_pem_x509_certificate(certificate_file.read_bytes())
    key = serialization.load_pem_private_key(key_file.read_bytes(), None)
    if not isinstance(key, Key) or key.public_key() != certificate.public_key():
        return None  # A start cut short between the two files.
    if certificate.not_valid_after_utc - RENEWED_BEFORE < now:
        return None
    return _Pair(certificate, key)


def _serves(
    certificate: x509.Certificate, names: Iterable[str], authority: x509.Certificate
) -> bool:
    found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    if certificate.issuer != authority.subject or not set(map(_general_name, names)) <= set(found):
        return False
    key = certificate.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value
    return key == _authority_key(authority)


def _keep(directory: Path, name: str, pair: _Pair) -> None:
    key = pair.key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    _write(directory / f"{name}.key", key)
    _write(directory / f"{name}.pem", pair.certificate.public_bytes(serialization.Encoding.PEM))


def _write(file: Path, content: bytes) -> None:
    fresh = file.with_name(f"{file.name}.new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as writer:
        writer.write(content)
    fresh.replace(file)


def _new_authority(now: datetime) -> _Pair:
    key = ec.generate_private_key(ec.SECP256R1())
    serial = x509.random_serial_number()
    # The serial in the name keeps two authorities of one machine apart.
    name = _name(f"Doorward local CA {serial % 16**8:08x}")
    certificate = (
        _builder(name, name, key, serial, now, AUTHORITY_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(is_authority=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    return _Pair(certificate, key)


def _new_server(authority: _Pair, names: Iterable[str], now: datetime) -> _Pair:
    key = ec.generate_private_key(ec.SECP256R1())
    builder = _builder(
        _name("Doorward"),
        authority.certificate.subject,
        key,
        x509.random_serial_number(),
        now,
        SERVER_LIFE,
    )
    alternative = x509.SubjectAlternativeName([_general_name(name) for name in names])
    certificate = (
        builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(is_authority=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(alternative, critical=False)
        .add_extension(_authority_key(authority.certificate), critical=False)
        .sign(authority.key, hashes.SHA256())
    )
    return _Pair(certificate, key)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: Key, serial: int, now: datetime, life: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder(subject_name=subject, issuer_name=issuer, serial_number=serial)
        .public_key(key.public_key())
        .not_valid_before(now - BACKDATED)
        .not_valid_after(now + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, is_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        encipher_only=False,
        decipher_only=False,
    )


def _authority_key(authority: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    found = authority.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(found)


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)
