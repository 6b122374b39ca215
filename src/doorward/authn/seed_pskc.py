"""Seeds of hardware tokens in PSKC, plain or under an AES key agreed on before.

Source: RFC 6030, sections 4 and 6.1.
"""

import base64
import binascii
from collections.abc import Iterator
from hmac import compare_digest, digest
from xml.etree import ElementTree as ET
from xml.parsers import expat

from doorward.authn.token_seeds import (
    BadSeedFile,
    TokenSeed,
    refuse_other_codes,
    token_seed,
)

_IV = 16


def read_pskc(content: bytes, key: bytes | None) -> Iterator[TokenSeed]:
    """The tokens, package by package.

    Args:
        content: The XML.
        key: What the seeds are encrypted with; None where they are plain.

    Raises:
        BadSeedFile: what is wrong, and with which package.
    """
    root = _root(content)
    mac_key = _mac_key(root, key)
    packages = [element for element in root if _name(element) == "KeyPackage"]
    if not packages:
        raise BadSeedFile("there is no KeyPackage in it")
    for number, package in enumerate(packages, 1):
        yield _token(f"key package {number}", package, key, mac_key)


def _root(content: bytes) -> ET.Element:
    _refuse_document_type(content)
    root = ET.fromstring(content)  # noqa: S314 - no DTD, see above
    if _name(root) != "KeyContainer":
        raise BadSeedFile("it is no KeyContainer")
    return root


def _refuse_document_type(content: bytes) -> None:
    # INVARIANT: without a document type there are no entities to expand or fetch, and the parser
    # finds one in every encoding that it reads.
    def refuse(*_: object) -> None:
        raise BadSeedFile("it has a document type, which PSKC has not")

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(content, True)
    except BadSeedFile:
        raise
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise BadSeedFile(f"it is no XML: {error}") from None


def _token(where: str, package: ET.Element, key: bytes | None, mac_key: bytes | None) -> TokenSeed:
    found = _within(package, "Key")
    if found is None:
        raise BadSeedFile(f"{where}: there is no Key in it")
    if not (found.get("Algorithm") or "").lower().endswith("totp"):
        raise BadSeedFile(f"{where}: its codes do not go by time (TOTP)")
    response = _within(found, "ResponseFormat")
    refuse_other_codes(
        where,
        digits=None if response is None else response.get("Length"),
        interval=_text(_within(found, "TimeInterval"), "PlainValue"),
        algorithm=_text(found, "Suite"),
    )
    serial = _text(package, "SerialNo") or found.get("Id") or ""
    secret = _within(found, "Secret")
    if secret is None:
        raise BadSeedFile(f"{where}: there is no Secret in it")
    return token_seed(where, serial, _secret(where, secret, key, mac_key))


def _secret(where: str, secret: ET.Element, key: bytes | None, mac_key: bytes | None) -> bytes:
    plain = _text(secret, "PlainValue")
    if plain is not None:
        return _bytes(where, plain)
    sealed = _cipher_value(where, secret)
    mac = _bytes(where, _text(secret, "ValueMAC") or "")
    # RFC 6030, 6.1.1: CBC proves nothing by itself, so there has to be a MAC.
    if mac_key is None or not compare_digest(mac, digest(mac_key, sealed, "sha1")):
        raise BadSeedFile(f"{where}: its MAC does not match; is it another key's file?")
    return _decrypted(where, sealed, key)


def _mac_key(root: ET.Element, key: bytes | None) -> bytes | None:
    method = _within(root, "MACMethod")
    if method is None:
        return None
    if not (method.get("Algorithm") or "").endswith("hmac-sha1"):
        raise BadSeedFile("its MAC is not HMAC-SHA1")
    # RFC 6030, 6.1.1: without a MACKey the encryption key is the MAC's too.
    if _within(method, "MACKey") is None:
        return key
    return _decrypted("MACKey", _cipher_value("MACKey", method), key)


def _cipher_value(where: str, element: ET.Element) -> bytes:
    method = _within(element, "EncryptionMethod")
    algorithm = "" if method is None else method.get("Algorithm") or ""
    if not algorithm.endswith(("aes128-cbc", "aes192-cbc", "aes256-cbc")):
        raise BadSeedFile(f"{where}: encrypted other than with AES-CBC and a key agreed on before")
    return _bytes(where, _text(element, "CipherValue") or "")


def _decrypted(where: str, sealed: bytes, key: bytes | None) -> bytes:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
    from cryptography.hazmat.primitives.padding import PKCS7

    if key is None:
        raise BadSeedFile(f"{where}: it is encrypted; give the key with --key-file")
    try:
        cipher = Cipher(algorithms.AES(key), modes.CBC(sealed[:_IV])).decryptor()
        padded = cipher.update(sealed[_IV:]) + cipher.finalize()
        padding = PKCS7(_IV * 8).unpadder()
        return padding.update(padded) + padding.finalize()
    except ValueError:
        raise BadSeedFile(f"{where}: the key does not open it") from None


def _bytes(where: str, text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except binascii.Error:
        raise BadSeedFile(f"{where}: its value is no base64") from None


def _within(element: ET.Element | None, name: str) -> ET.Element | None:
    """The first of that name below, in whatever version of the namespace."""
    below = () if element is None else element.iter()
    return next((each for each in below if _name(each) == name and each is not element), None)


def _text(element: ET.Element | None, name: str) -> str | None:
    found = _within(element, name)
    return None if found is None else (found.text or "").strip()


def _name(element: ET.Element) -> str:
    return str(element.tag).rpartition("}")[2]
