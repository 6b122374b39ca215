"""SSH public keys as text: `ssh-rsa AAAA... comment`, or a PEM block.

Source: IAM API reference, UploadSSHPublicKey: ssh-rsa or PEM, at least 2048 bits. What else could
be refused, and with which of the two codes, is not recorded.
"""

import base64
import hashlib

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
    load_ssh_public_key,
)

from doorward.services.iam.credential_errors import (
    InvalidPublicKey,
    UnrecognizedPublicKeyEncoding,
)

LEAST_BITS = 2048
_SSH = "ssh-rsa"
_PEM = "-----BEGIN "
_BROKEN = (ValueError, TypeError, UnsupportedAlgorithm)


def as_ssh(text: str) -> str:
    """The key as `ssh-rsa AAAA...`, without its comment.

    Raises:
        UnrecognizedPublicKeyEncoding: it is of another form, or of another kind than RSA.
        InvalidPublicKey: it is of that form and cannot be read, or it is too short.
    """
    key = _read(text.strip())
    if not isinstance(key, RSAPublicKey):
        raise UnrecognizedPublicKeyEncoding.neither()
    if key.key_size < LEAST_BITS:
        raise InvalidPublicKey.too_short(LEAST_BITS)
    return key.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()


def as_pem(ssh: str) -> str:
    """A key that `as_ssh` gave, as a PEM block."""
    key = load_ssh_public_key(ssh.encode())
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def fingerprint(ssh: str) -> str:
    """The MD5 of the key as SSH sends it, as `ssh-keygen -l -E md5` prints it."""
    sent = base64.b64decode(ssh.split()[1])
    return hashlib.md5(sent, usedforsecurity=False).digest().hex(":")


def _read(text: str) -> object:
    try:
        if text.startswith(_PEM):
            return load_pem_public_key(text.encode())
        if text.split(maxsplit=1)[:1] == [_SSH]:
            return load_ssh_public_key(text.encode())
    except _BROKEN:
        raise InvalidPublicKey.malformed() from None
    raise UnrecognizedPublicKeyEncoding.neither()
