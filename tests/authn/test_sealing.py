import base64
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.authn.sealing import MAX_SEALED_CHARS, KeyRing, seal_text, unseal_text

RING = KeyRing({1: b"\1" * 32, 2: b"\2" * 32}, current=2)
NONCE = bytes(range(12))
TOKEN = seal_text("session", b"payload", RING, NONCE)


@given(st.binary(max_size=600), st.binary(min_size=12, max_size=12))
def test_what_is_sealed_can_be_unsealed(payload, nonce):
    assert unseal_text("marker", seal_text("marker", payload, RING, nonce), RING) == payload


def test_large_payloads_are_deflated():
    payload = b"arn:aws:iam::aws:policy/" * 200
    sealed = seal_text("session", payload, RING, NONCE)
    assert len(sealed) < 300
    assert unseal_text("session", sealed, RING) == payload


def test_what_does_not_shrink_is_left_alone():
    payload = bytes(range(256)) * 2
    sealed = seal_text("session", payload[:256], RING, NONCE)
    assert len(base64.b64decode(sealed)) == 5 + 12 + 1 + 256 + 16


def test_a_text_of_one_kind_is_none_of_another():
    assert unseal_text("marker", TOKEN, RING) is None


def test_an_older_key_unseals_and_the_current_one_seals():
    older = KeyRing({1: b"\1" * 32}, current=1)
    assert unseal_text("k", seal_text("k", b"x", older, NONCE), RING) == b"x"
    assert unseal_text("k", seal_text("k", b"x", RING, NONCE), older) is None


@pytest.mark.parametrize(
    "ring", [KeyRing({2: b"\3" * 32}, current=2), KeyRing({3: b"\2" * 32}, current=3)]
)
def test_another_ring_does_not_unseal(ring):
    assert unseal_text("session", TOKEN, ring) is None


def test_every_flipped_bit_is_noticed():
    raw = base64.b64decode(TOKEN)
    whole = int.from_bytes(raw, "big")
    flipped = [(whole ^ 1 << bit).to_bytes(len(raw), "big") for bit in range(len(raw) * 8)]
    texts = [base64.b64encode(each).decode() for each in flipped]
    assert [text for text in texts if unseal_text("session", text, RING) is not None] == []


def test_every_truncation_is_noticed():
    starts = [TOKEN[:end] for end in range(len(TOKEN))]
    assert [text for text in starts if unseal_text("session", text, RING) is not None] == []


@given(st.text(max_size=80))
def test_no_other_text_is_accepted(text):
    assert unseal_text("session", text, RING) is None


@pytest.mark.parametrize("text", [f" {TOKEN}", f"{TOKEN}\n", TOKEN.replace("=", "")])
def test_a_token_has_one_spelling(text):
    assert unseal_text("session", text, RING) is None


def test_spare_bits_are_not_a_second_spelling():
    sealed = seal_text("k", b"", RING, NONCE)
    assert sealed.endswith("==")
    other = sealed[:-3] + chr(ord(sealed[-3]) + 1) + "=="
    assert base64.b64decode(other) == base64.b64decode(sealed)
    assert unseal_text("k", other, RING) is None


@pytest.mark.parametrize(("size", "accepted"), [(12_254, True), (12_255, False)])
def test_the_longest_text_looked_at(size, accepted):
    payload = Random(1).randbytes(size)
    sealed = seal_text("k", payload, RING, NONCE)
    assert (len(sealed) <= MAX_SEALED_CHARS) is accepted
    assert (unseal_text("k", sealed, RING) == payload) is accepted


@pytest.mark.parametrize(("keys", "current"), [({1: bytes(16)}, 1), ({1: bytes(32)}, 2), ({}, 0)])
def test_a_ring_that_cannot_work_is_refused(keys, current):
    with pytest.raises(ValueError, match=r"sealing keys are 32 bytes|has no key"):
        KeyRing(keys, current)
