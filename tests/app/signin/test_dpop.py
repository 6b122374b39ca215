import json
from datetime import UTC, datetime, timedelta

import pytest
from joserfc.jwk import ECKey
from tests.app.signin.proofs import Prover

from doorward.app.signin.dpop import BadProof, read_proof

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
ADDRESS = "https://127.0.0.1:4599/v1/token"
KEY, OTHER = Prover(), Prover()
HEADER = {"typ": "dpop+jwt", "alg": "ES256", "jwk": KEY.jwk}
CLAIMS = {"htm": "POST", "htu": ADDRESS, "iat": int(NOW.timestamp()), "jti": "one"}
RSA = {"kty": "RSA", "n": "AQAB", "e": "AQAB"}


def proof(header=None, claims=None, key=KEY):
    return key.proof(ADDRESS, NOW, header=header, claims=claims)


def without(name):
    said = {each: value for each, value in CLAIMS.items() if each != name}
    return KEY.signed(HEADER, json.dumps(said).encode())


def read(text, method="POST", address=ADDRESS, now=NOW):
    return read_proof(text, method, address, now)


def test_a_proof_names_its_key():
    found = read(proof())
    assert found.thumbprint == ECKey.import_key(KEY.jwk).thumbprint()
    assert (found.proof_id, found.at) == ("one", NOW)


@pytest.mark.parametrize(
    ("named", "address"),
    [
        ("https://127.0.0.1:4599/v1/token?x=1#y", ADDRESS),
        ("https://EXAMPLE.com/v1/token", "https://example.com:443/v1/token"),
        ("HTTPS://example.com:443/v1/token", "https://example.com/v1/token"),
    ],
)
def test_addresses_that_are_the_same(named, address):
    assert read(proof(claims={"htu": named}), address=address)


@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_clocks_may_be_five_minutes_off(seconds):
    assert read(proof(), now=NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a.b.c",
        "a.b",
        "\u00e9.b.c",
        "x" * 3000,
        proof({"typ": "JWT"}),
        proof({"crit": ["exp"], "exp": 1}),
        proof({"jwk": KEY.private_jwk}),
        proof({"jwk": OTHER.jwk}),
        proof({"jwk": "key"}),
        proof({"jwk": None}),
        proof({"jwk": RSA}),
        proof({"jwk": RSA | {"crv": "P-256"}}),
        proof({"jwk": KEY.jwk | {"x": "AA", "y": "AA"}}),
        proof({"jwk": {"kty": "EC", "crv": "P-256"}}),
        proof({"jwk": {"kty": "oct", "k": "AA", "crv": "P-256"}}),
        proof({"alg": "HS256"}),
        proof({"alg": "none"}),
        KEY.signed([1], b"{}"),
        proof(claims={"htm": "GET"}),
        proof(claims={"htu": "https://127.0.0.1:4598/v1/token"}),
        proof(claims={"htu": "http://127.0.0.1:4599/v1/token"}),
        proof(claims={"htu": "https://127.0.0.1:4599/v1/authorize"}),
        proof(claims={"htu": "https://[/"}),
        proof(claims={"htu": 7}),
        proof(claims={"iat": int(NOW.timestamp()) + 301}),
        proof(claims={"iat": int(NOW.timestamp()) - 301}),
        proof(claims={"iat": True}),
        proof(claims={"iat": 10**400}),
        proof(claims={"iat": "now"}),
        proof(claims={"jti": ""}),
        proof(claims={"jti": "x" * 257}),
        *(without(name) for name in CLAIMS),
        KEY.signed(HEADER, b"[1]"),
        KEY.signed(HEADER, b"{"),
        KEY.signed(HEADER, b"[" * 1200),
        KEY.signed(HEADER, b"\xff"),
    ],
)
def test_what_proves_nothing(text):
    with pytest.raises(BadProof):
        read(text)


def test_a_changed_claim_breaks_the_signature():
    head, _, signature = proof().split(".")
    other = proof(claims={"jti": "two"}).split(".")[1]
    with pytest.raises(BadProof):
        read(f"{head}.{other}.{signature}")


def test_an_id_of_half_a_letter_has_a_mark_as_well():
    assert read(proof(claims={"jti": "\ud800"})).mark.place


def test_the_mark_of_a_proof_is_its_keys_and_its_own():
    one, same, other = (read(proof(claims={"jti": text})).mark for text in ("one", "one", "two"))
    assert one == same
    assert one.place != other.place
    assert one.until > NOW.timestamp() * 1000 + 300_000
