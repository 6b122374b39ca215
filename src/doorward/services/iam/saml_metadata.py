"""The metadata of a SAML identity provider: read without trusting it.

Source: recorded answers, federation/saml: no certificate and no sign-on service are needed, an
expired certificate is taken, one that does not parse is not.
"""

import base64
import binascii
from xml.etree import ElementTree as ET

from cryptography import x509

from doorward.services.iam.errors import InvalidInput

_ROOT = "{urn:oasis:names:tc:SAML:2.0:metadata}EntityDescriptor"
_CERTIFICATE = "{http://www.w3.org/2000/09/xmldsig#}X509Certificate"


def refuse_unusable(metadata: str) -> None:
    """Refuse what is no metadata, names no issuer, or carries a broken certificate."""
    root = _root(metadata)
    for element in root.iter(_CERTIFICATE):
        _refuse_broken(element.text or "")
    if not root.get("entityID"):
        raise InvalidInput.saml_issuer()


def _root(metadata: str) -> ET.Element:
    # INVARIANT: without a document type there are no entities to expand or fetch.
    if "<!DOCTYPE" in metadata:
        raise InvalidInput.saml_metadata()
    try:
        root = ET.fromstring(metadata)  # noqa: S314 - no DTD, see above
    except (ET.ParseError, ValueError):
        raise InvalidInput.saml_metadata() from None
    if root.tag != _ROOT:
        raise InvalidInput.saml_metadata()
    return root


def _refuse_broken(certificate: str) -> None:
    try:
        x509.load_der_x509_certificate(base64.b64decode(certificate.encode()))
    except (ValueError, binascii.Error, x509.InvalidVersion):
        raise InvalidInput.saml_metadata() from None
