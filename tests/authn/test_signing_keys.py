import pytest

from doorward.authn.signing_keys import SigningKeys, signing_key

SCOPE = ("20150830", "us-east-1", "iam")


def test_the_key_of_aws_documentation():
    key = signing_key("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", *SCOPE)
    assert key.hex() == "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9"


@pytest.mark.parametrize("changed", [0, 1, 2])
def test_every_part_of_the_scope_changes_the_key(changed):
    other = [*SCOPE]
    other[changed] += "x"
    assert signing_key("s", *other) != signing_key("s", *SCOPE)


def test_a_key_is_derived_once():
    keys = SigningKeys(2)
    assert keys.get("A", "s", *SCOPE) is keys.get("A", "s", *SCOPE)
    assert keys.get("A", "s", *SCOPE) == signing_key("s", *SCOPE)


def test_another_secret_of_the_same_key_id_gives_another_key():
    keys = SigningKeys(2)
    keys.get("A", "old", *SCOPE)
    assert keys.get("A", "new", *SCOPE) == signing_key("new", *SCOPE)
    assert len(keys) == 1


def test_the_least_recently_used_goes_first():
    keys = SigningKeys(2)
    first, second = keys.get("A", "s", *SCOPE), keys.get("B", "s", *SCOPE)
    keys.get("A", "s", *SCOPE)
    keys.get("C", "s", *SCOPE)
    assert len(keys) == 2
    assert keys.get("A", "s", *SCOPE) is first
    assert keys.get("B", "s", *SCOPE) is not second


def test_a_forgotten_key_is_gone_in_every_region():
    keys = SigningKeys(9)
    kept = keys.get("B", "s", *SCOPE)
    for region in ("us-east-1", "eu-west-1"):
        keys.get("A", "s", "20150830", region, "iam")
    keys.forget("A")
    assert len(keys) == 1
    assert keys.get("B", "s", *SCOPE) is kept
