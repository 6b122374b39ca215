"""Throw-away certificates and keys for tests."""

import base64
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

TODAY = datetime.now(UTC)


class Issued(NamedTuple):
    name: x509.Name
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def pem(self):
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    @property
    def key_pem(self):
        return private_pem(self.key)


def private_pem(key):
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def issue(common_name, issuer=None, *, days=30, key=None):
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, common_name)])
    key = key or ec.generate_private_key(ec.SECP256R1())
    by = issuer or Issued(name, key, None)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(by.name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(TODAY - timedelta(days=60))
        .not_valid_after(TODAY + timedelta(days=days))
        .sign(by.key, hashes.SHA256())
    )
    return Issued(name, key, certificate)


def of_version_five(issued):
    """The same certificate with a version number that does not exist."""
    der = issued.certificate.public_bytes(serialization.Encoding.DER)
    odd = der.replace(bytes.fromhex("a003020102"), bytes.fromhex("a003020104"), 1)
    lines = base64.encodebytes(odd).decode()
    return f"-----BEGIN CERTIFICATE-----\n{lines}-----END CERTIFICATE-----\n"


def metadata(body=None, *, entity_id="https://idp.example.com/", root="EntityDescriptor"):
    """SAML metadata long enough for AWS's minimum of a thousand characters."""
    certificate = issue("idp").pem if body is None else body
    inner = "".join(line for line in certificate.splitlines() if "---" not in line)
    issuer = f' entityID="{entity_id}"' if entity_id else ""
    return (
        f'<{root} xmlns="urn:oasis:names:tc:SAML:2.0:metadata"{issuer}>'
        '<IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">'
        '<KeyDescriptor use="signing"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#">'
        f"<X509Data><X509Certificate>{inner}</X509Certificate></X509Data></KeyInfo>"
        f"</KeyDescriptor></IDPSSODescriptor><!--{'x' * 1000}--></{root}>"
    )
