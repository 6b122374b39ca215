from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.authn.sessions import (
    MAX_SEALED_CHARS,
    KeyRing,
    Session,
    SessionKind,
    presented_session,
    seal,
    seal_text,
    unseal,
)
from doorward.authn.signature import Signature
from doorward.errors import NotAuthentic

RING = KeyRing({7: b"k" * 32}, current=7)
NONCE = bytes(12)
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SESSION = Session(
    access_key_id="ASIAQNZGKIQY56JQ7WML",
    secret_access_key="secret",
    account="111122223333",
    kind=SessionKind.ROLE,
    entity_arn="arn:aws:iam::111122223333:role/Deploy",
    entity_id="AROAEXAMPLE",
    name="ann",
    issued_at=NOW,
    expires_at=NOW + timedelta(hours=1),
)
SIGNATURE = Signature("ASIAQNZGKIQY56JQ7WML", "20260102", "us-east-1", "iam", ("host",), "", NOW)

pairs = st.lists(st.tuples(st.text(max_size=20), st.text(max_size=20)), max_size=3).map(tuple)
texts = st.lists(st.text(max_size=30), max_size=3).map(tuple)
moments = st.datetimes(min_value=datetime(1971, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bound
maybe = st.none() | st.text(max_size=30)
sessions = st.builds(
    Session,
    kind=st.sampled_from(SessionKind),
    issued_at=moments,
    expires_at=moments,
    policy=maybe,
    policy_arns=texts,
    tags=pairs,
    transitive_tag_keys=texts,
    mfa_serial=maybe,
    mfa_at=st.none() | moments,
    source_identity=maybe,
    provider=maybe,
    chained=st.booleans(),
    context=pairs,
    issuer_access_key_id=maybe,
)


@given(sessions, st.binary(min_size=12, max_size=12))
def test_a_sealed_session_comes_back_whole(session, nonce):
    assert unseal(seal(session, RING, nonce), RING) == session


def test_a_plain_session_makes_a_token_as_short_as_those_of_aws():
    assert len(seal(SESSION, RING, NONCE)) < 688


def test_a_full_session_still_fits():
    full = replace(
        SESSION,
        policy="".join(chr(33 + i * i % 94) for i in range(2048)),
        policy_arns=tuple(f"arn:aws:iam::111122223333:policy/p{i}" for i in range(10)),
        tags=tuple((f"key-{i}", f"{i * 7919 % 1009}-{'v' * 40}") for i in range(50)),
    )
    token = seal(full, RING, NONCE)
    assert len(token) < MAX_SEALED_CHARS
    assert unseal(token, RING) == full


@pytest.mark.parametrize(
    "token",
    [
        "",
        "IQoJb3JpZ2luX2VjE",
        seal(SESSION, RING, NONCE)[:-4],
        seal(SESSION, KeyRing({7: b"o" * 32}, current=7), NONCE),
        seal_text("session", b"not a session", RING, NONCE),
        seal_text("marker", b"", RING, NONCE),
        "A" * (MAX_SEALED_CHARS + 4),
    ],
)
def test_any_other_token_is_invalid(token):
    with pytest.raises(NotAuthentic) as refusal:
        unseal(token, RING)
    assert refusal.value.code == "InvalidClientTokenId"
    assert str(refusal.value) == "The security token included in the request is invalid"


@pytest.mark.parametrize(("after_s", "over"), [(0, False), (3599, False), (3600, True)])
def test_a_session_is_over_at_its_expiry(after_s, over):
    assert SESSION.is_expired(NOW + timedelta(seconds=after_s)) is over


def test_a_session_does_not_print_its_secret():
    assert "secret'" not in repr(SESSION)


def test_a_temporary_key_with_its_token():
    token = seal(SESSION, RING, NONCE)
    assert presented_session(replace(SIGNATURE, token=token), RING) == SESSION


def test_a_long_term_key_presents_no_session():
    assert presented_session(replace(SIGNATURE, access_key_id="AKIAX"), RING) is None


@pytest.mark.parametrize(
    ("key_id", "token"),
    [
        ("ASIAQNZGKIQY56JQ7WML", None),
        ("ASIAOTHER", seal(SESSION, RING, NONCE)),
        ("AKIAX", seal(SESSION, RING, NONCE)),
        ("AKIAX", ""),
    ],
)
def test_a_key_and_a_token_that_do_not_belong_together(key_id, token):
    with pytest.raises(NotAuthentic) as refusal:
        presented_session(replace(SIGNATURE, access_key_id=key_id, token=token), RING)
    assert refusal.value.code == "InvalidClientTokenId"
