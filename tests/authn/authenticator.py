"""A security key in software: ES256, attestation `none`, with the faults a test may ask for."""

import json
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from os import urandom

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, MAY_SYNC, SYNCED, NEW_KEY = 0x01, 0x04, 0x08, 0x10, 0x40


def encoded(raw):
    return urlsafe_b64encode(raw).decode().rstrip("=")


@dataclass
class Authenticator:
    """What it says of itself can be changed between two answers."""

    counter: int = 1
    verifies: bool = True
    may_sync: bool = False
    synced: bool = False
    present: bool = True
    framed: bool = False
    aaguid: bytes = bytes(16)
    transports: tuple[str, ...] = ("usb",)
    credential_id: bytes = field(default_factory=lambda: urandom(32))
    _key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def create(self, options, origin):
        """Answer `navigator.credentials.create()`; options and answer in JSON form."""
        data = self._data(options["rp"]["id"], NEW_KEY) + self._credential()
        attestation = {"fmt": "none", "attStmt": {}, "authData": data}
        return self._answer(
            clientDataJSON=encoded(self._client_data("create", options, origin)),
            attestationObject=encoded(cbor2.dumps(attestation)),
            transports=list(self.transports),
        )

    def get(self, options, origin):
        """Answer `navigator.credentials.get()`."""
        said = self._client_data("get", options, origin)
        data = self._data(options["rpId"], 0)
        signature = self._key.sign(data + sha256(said).digest(), ec.ECDSA(SHA256()))
        return self._answer(
            clientDataJSON=encoded(said),
            authenticatorData=encoded(data),
            signature=encoded(signature),
        )

    def _answer(self, **response):
        name = encoded(self.credential_id)
        return {"id": name, "rawId": name, "type": "public-key", "response": response}

    def _client_data(self, act, options, origin):
        return json.dumps(
            {
                "type": f"webauthn.{act}",
                "challenge": options["challenge"],
                "origin": origin,
                "crossOrigin": self.framed,
            }
        ).encode()

    def _data(self, rp_id, flags):
        flags |= PRESENT * self.present | VERIFIED * self.verifies
        flags |= MAY_SYNC * self.may_sync | SYNCED * self.synced
        head = sha256(rp_id.encode()).digest() + struct.pack(">BI", flags, self.counter)
        # One that counts, counts each use; one at 0 keeps no counter.
        self.counter += self.counter > 0
        return head

    def _credential(self):
        public = self._key.public_key().public_numbers()
        key = {1: 2, 3: -7, -1: 1, -2: public.x.to_bytes(32), -3: public.y.to_bytes(32)}
        length = struct.pack(">H", len(self.credential_id))
        return self.aaguid + length + self.credential_id + cbor2.dumps(key)


def decoded(text):
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
