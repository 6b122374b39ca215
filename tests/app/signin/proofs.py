"""DPoP proofs as the AWS CLI makes them, and as it never would."""

import json
from base64 import urlsafe_b64encode

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature


def plain(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


class Prover:
    """A client's key."""

    def __init__(self, curve=None):
        self.key = ec.generate_private_key(curve or ec.SECP256R1())

    @property
    def jwk(self):
        numbers = self.key.public_key().public_numbers()
        x, y = (plain(part.to_bytes(32)) for part in (numbers.x, numbers.y))
        return {"kty": "EC", "x": x, "y": y, "crv": "P-256"}

    @property
    def private_jwk(self):
        return self.jwk | {"d": plain(self.key.private_numbers().private_value.to_bytes(32))}

    def proof(self, address, at, *, proof_id="one", method="POST", header=None, claims=None):
        head = {"typ": "dpop+jwt", "alg": "ES256", "jwk": self.jwk} | (header or {})
        said = {"htm": method, "htu": address, "iat": int(at.timestamp()), "jti": proof_id}
        return self.signed(head, json.dumps(said | (claims or {})).encode())

    def signed(self, head, payload):
        text = f"{plain(json.dumps(head).encode())}.{plain(payload)}"
        r, s = decode_dss_signature(self.key.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
        return f"{text}.{plain(r.to_bytes(32) + s.to_bytes(32))}"
