import re
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.account.model import Token
from doorward.authn.request import HttpRequest
from doorward.authn.tokens import RANDOM_BYTES, Bearer, matches, new_token, read_bearer
from doorward.errors import NotAuthentic

NOW = datetime(2026, 11, 22, tzinfo=UTC)
accounts = st.integers(0, 999_999_999_999).map(lambda number: f"{number:012}")
randoms = st.binary(min_size=RANDOM_BYTES, max_size=RANDOM_BYTES)


def with_headers(*values):
    return HttpRequest("GET", "/", "", tuple(("authorization", value) for value in values), b"")


def kept(made):
    return Token(
        id=made.id, role_id="AROA", created=NOW, expires=NOW, created_by="x", digest=made.digest
    )


@given(accounts, randoms)
def test_a_token_names_its_account_and_proves_itself(account, random):
    made = new_token(account, random)
    assert re.fullmatch(r"dwt_[a-z2-7]{16}_[A-Za-z0-9_-]{43}", made.text)
    bearer = read_bearer(with_headers(f"Bearer {made.text}"))
    assert (bearer.id, bearer.account) == (made.id, account)
    assert bearer.key_id == f"dwt_{made.id}"
    assert matches(bearer, kept(made))


@given(randoms, randoms)
def test_what_is_kept_does_not_hold_the_token(one, two):
    made, other = (new_token("111122223333", random) for random in (one, two))
    assert made.digest == sha256(made.text.encode()).hexdigest()
    assert made.text[-43:] not in made.digest
    bearer = read_bearer(with_headers(f"Bearer {made.text}"))
    assert matches(bearer, kept(other)) is (one == two)
    assert not matches(bearer, None)


@pytest.mark.parametrize("length", [0, RANDOM_BYTES - 1, RANDOM_BYTES + 1])
def test_too_little_chance_makes_no_token(length):
    with pytest.raises(ValueError, match="random bytes"):
        new_token("111122223333", b"x" * length)


@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", "BEARER   ", " Bearer "])
def test_the_schemes_case_does_not_matter(scheme):
    made = new_token("111122223333", bytes(RANDOM_BYTES))
    assert read_bearer(with_headers(scheme + made.text)).id == made.id


@pytest.mark.parametrize("text", ["AWS4-HMAC-SHA256 Credential=x", "Basic eA==", "", "Bearerx"])
def test_other_schemes_carry_no_token(text):
    assert read_bearer(with_headers(text)) is None


def test_no_header_carries_no_token():
    assert read_bearer(HttpRequest("GET", "/", "", (), b"")) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "dwt_",
        "dwt_aaaaaaaaaaaaaaaa_short",
        "dwt_AAAAAAAAAAAAAAAA_" + "x" * 43,
        "dwt_aaaaaaaaaaaaaaaa_" + "x" * 44,
        "dwt_aaaaaaaaaaaaaaaa_" + "x" * 43 + "\n",
        "dwt_1111111111111111_" + "x" * 43,
        "\u20ac" * 9,
    ],
)
def test_text_of_another_form_names_nobody(text):
    bearer = read_bearer(with_headers(f"Bearer  {text}"))
    assert bearer is not None
    if text.endswith("\n"):
        # A header's value ends before blanks.
        assert bearer.id
    else:
        assert (bearer.id, bearer.account) == ("", "")
    assert not matches(bearer, None)


def test_an_id_beyond_the_last_account_names_none():
    assert read_bearer(with_headers("Bearer dwt_7777777777777777_" + "x" * 43)).account == ""


def test_two_headers_are_refused():
    with pytest.raises(NotAuthentic) as caught:
        read_bearer(with_headers("Bearer x", "Bearer y"))
    assert caught.value.code == "IncompleteSignature"


def test_a_digest_that_is_nobodys_matches_nothing():
    text = b"the digest of no token"
    assert not matches(Bearer("", "", sha256(text).digest()), None)


def test_a_presigned_address_beside_it_is_refused():
    sent = with_headers("Bearer x")
    assert read_bearer(replace(sent, query="X-Amz-Date=now&page=1")) is not None
    with pytest.raises(NotAuthentic) as caught:
        read_bearer(replace(sent, query="page=1&X-Amz-Credential=x"))
    assert caught.value.code == "IncompleteSignature"
