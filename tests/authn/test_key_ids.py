import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.authn.key_ids import access_key_id, account_of, secret_access_key, unique_id

BASE32 = set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
BASE64 = set(string.ascii_letters + string.digits + "+/")
ACCOUNTS = st.integers(0, 999_999_999_999).map("{:012}".format)


@pytest.mark.parametrize(
    ("key_id", "account"),
    [
        ("ASIAQNZGKIQY56JQ7WML", "029608264753"),
        ("AKIAIOSFODNN7EXAMPLE", None),
        ("AKIAJABCDEFGHIJKLMNO", None),
        ("AKIA7777777777777777", None),
        ("AKIAQNZGKIQY56JQ7WM1", None),
        ("AKIAQNZGKIQY56JQ7WMÉ", None),
        ("ASIAQNZGKIQY56JQ7WMLA", None),
        ("", None),
    ],
)
def test_the_account_inside_a_key_id(key_id, account):
    assert account_of(key_id) == account


@pytest.mark.parametrize(
    ("account", "start"), [("111122223333", "AKIARTX3GSDS"), ("000000000001", "AKIAQAAAAAAA")]
)
def test_key_ids_start_as_those_of_aws(account, start):
    assert access_key_id("AKIA", account, bytes(5)).startswith(start)


@given(ACCOUNTS, st.binary(min_size=5, max_size=8))
def test_every_key_id_names_its_account(account, random):
    key_id = access_key_id("ASIA", account, random)
    assert account_of(key_id) == account
    assert len(key_id) == 20
    assert set(key_id) <= BASE32


def test_every_random_bit_of_a_key_id_counts():
    bits = [1 << at for at in range(39)]
    ids = {access_key_id("AKIA", "1" * 12, bit.to_bytes(5, "big")) for bit in bits}
    assert len(ids) == 39


@given(st.binary(min_size=11, max_size=16))
def test_unique_ids_are_21_characters_of_base32(random):
    made = unique_id("AROA", random)
    assert made.startswith("AROA")
    assert len(made) == 21
    assert set(made) <= BASE32


@given(st.binary(min_size=30, max_size=32))
def test_secrets_are_40_characters_of_base64(random):
    secret = secret_access_key(random)
    assert len(secret) == 40
    assert set(secret) <= BASE64


@pytest.mark.parametrize(
    "make",
    [
        lambda: access_key_id("AKIA", "1" * 12, bytes(4)),
        lambda: unique_id("AIDA", bytes(10)),
        lambda: secret_access_key(bytes(29)),
    ],
)
def test_too_little_chance_is_refused(make):
    with pytest.raises(ValueError, match="random bytes are needed"):
        make()
