from dataclasses import replace

import pytest
from tests.authn.authenticator import Authenticator, decoded, encoded

from doorward.authn.webauthn import (
    Ceremony,
    authenticated,
    authentication_options,
    registered,
    registration_options,
)
from doorward.errors import NotAuthentic

ORIGIN = "https://iam.example.com"
CEREMONY = Ceremony(b"c" * 32, "iam.example.com", ORIGIN)
NEXT = replace(CEREMONY, challenge=b"d" * 32)
HOLDER = "AIDAEXAMPLE"


def enrolled(key, ceremony=CEREMONY, held=()):
    options = registration_options(ceremony, HOLDER, "ann", held)
    return registered(ceremony, key.create(options, ORIGIN), held)


def shown(key, held, ceremony=NEXT, origin=ORIGIN):
    options = authentication_options(ceremony, held)
    return authenticated(ceremony, key.get(options, origin), held)


def test_a_key_is_kept_as_it_was_registered():
    key = Authenticator(counter=7, may_sync=True, synced=True, transports=("internal", "hybrid"))
    kept = enrolled(key)
    assert decoded(kept.credential_id) == key.credential_id
    assert (kept.sign_count, kept.multi_device, kept.backed_up) == (7, True, True)
    assert kept.transports == ("internal", "hybrid")
    assert kept.aaguid == "00000000-0000-0000-0000-000000000000"
    assert kept.rp_id == "iam.example.com"


def test_a_key_signs_in_and_its_counter_moves_on():
    key = Authenticator()
    kept = enrolled(key)
    first = shown(key, [kept])
    assert first.key == kept
    assert first.sign_count == 2
    again = shown(key, [replace(kept, sign_count=first.sign_count)])
    assert again.sign_count == 3


def test_a_key_without_a_counter_signs_in():
    key = Authenticator(counter=0)
    assert shown(key, [enrolled(key)]).sign_count == 0


@pytest.mark.practice("S002-28")
def test_being_synced_may_change_between_two_sign_ins():
    key = Authenticator(may_sync=True)
    kept = enrolled(key)
    key.synced = True
    assert not kept.backed_up
    assert shown(key, [kept]).backed_up


def test_one_key_of_several_answers():
    keys = [Authenticator(), Authenticator(), Authenticator()]
    held = [enrolled(key) for key in keys]
    assert shown(keys[1], held).key == held[1]


@pytest.mark.parametrize("counter", [0, 1, 4, 5])
def test_a_counter_that_does_not_move_on_is_a_copied_key(counter):
    key = Authenticator()
    kept = replace(enrolled(key), sign_count=5)
    key.counter = counter
    with pytest.raises(NotAuthentic) as refused:
        shown(key, [kept])
    assert "sign count" in refused.value.reason


def refused_registration(key, ceremony=CEREMONY, origin=ORIGIN, answered=None):
    options = registration_options(ceremony, HOLDER, "ann", ())
    answer = key.create(options, origin)
    with pytest.raises(NotAuthentic) as refused:
        registered(answered or ceremony, answer, ())
    return refused.value


def refused_sign_in(key, ceremony=NEXT, origin=ORIGIN, answered=None):
    kept = enrolled(Authenticator(credential_id=key.credential_id, _key=key._key))
    answer = key.get(authentication_options(ceremony, [kept]), origin)
    with pytest.raises(NotAuthentic) as refused:
        authenticated(answered or ceremony, answer, [kept])
    return refused.value


ELSEWHERE = {
    "wrong origin": {"origin": "https://iam.example.com.evil.test"},
    "another port": {"origin": "https://iam.example.com:8443"},
    "no TLS": {"origin": "http://iam.example.com"},
    "wrong RP id": {"answered": replace(NEXT, rp_id="example.com")},
    "wrong challenge": {"answered": replace(NEXT, challenge=b"e" * 32)},
}


@pytest.mark.parametrize("change", ELSEWHERE.values(), ids=ELSEWHERE)
@pytest.mark.parametrize("refusal", [refused_registration, refused_sign_in])
def test_what_was_answered_elsewhere_proves_nothing_here(refusal, change):
    said = refusal(Authenticator(), ceremony=NEXT, **change)
    assert (said.code, said.message) == ("AccessDenied", "The security key could not be verified.")


@pytest.mark.parametrize("fault", [{"present": False}, {"framed": True}])
@pytest.mark.parametrize("refusal", [refused_registration, refused_sign_in])
def test_a_key_nobody_touched_or_in_a_frame_is_refused(refusal, fault):
    refusal(Authenticator(**fault))


@pytest.mark.parametrize("refusal", [refused_registration, refused_sign_in])
def test_a_key_that_is_the_only_factor_verifies_its_user(refusal):
    said = refusal(Authenticator(verifies=False), ceremony=replace(CEREMONY, alone=True))
    assert "verification" in said.reason


def test_a_second_factor_need_not_verify_its_user():
    key = Authenticator(verifies=False)
    assert shown(key, [enrolled(key)]).sign_count == 2


def test_the_only_factor_may_be_a_key_that_verifies_its_user():
    key, alone = Authenticator(), replace(NEXT, alone=True)
    assert shown(key, [enrolled(key, alone)], alone).sign_count == 2


def test_somebody_elses_key_is_refused():
    with pytest.raises(NotAuthentic, match="could not be verified") as refused:
        shown(Authenticator(), [enrolled(Authenticator())])
    assert "none of the holder's keys" in refused.value.reason


def test_a_key_with_anothers_name_is_refused():
    kept = enrolled(Authenticator(credential_id=b"same"))
    with pytest.raises(NotAuthentic) as refused:
        shown(Authenticator(credential_id=b"same", counter=9), [kept])
    assert "signature" in refused.value.reason


@pytest.mark.practice("S002-28")
def test_a_device_bound_key_does_not_become_a_synced_one():
    key = Authenticator()
    kept = enrolled(key)
    key.may_sync = True
    with pytest.raises(NotAuthentic, match="could not be verified"):
        shown(key, [kept])


def test_a_key_is_registered_once():
    key = Authenticator()
    with pytest.raises(NotAuthentic) as refused:
        enrolled(key, held=[enrolled(key)])
    assert "already" in refused.value.reason


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"id": 1},
        {"id": "YQ", "rawId": "YQ", "type": "public-key", "response": {}},
        {
            "id": "YQ",
            "rawId": "YQ",
            "type": "public-key",
            "response": {"clientDataJSON": encoded(b"[]"), "attestationObject": encoded(b"\xff")},
        },
    ],
)
def test_what_is_no_answer_proves_nothing(answer):
    with pytest.raises(NotAuthentic):
        registered(CEREMONY, answer, ())
    with pytest.raises(NotAuthentic):
        authenticated(CEREMONY, answer, ())


def test_a_browser_is_told_whose_key_and_which_not_again():
    key = enrolled(Authenticator(transports=("usb", "nfc")))
    elsewhere = replace(key, rp_id="other.example.com")
    options = registration_options(CEREMONY, HOLDER, "ann", [key, elsewhere])
    assert options["challenge"] == encoded(CEREMONY.challenge)
    assert options["rp"] == {"name": "Doorward", "id": "iam.example.com"}
    assert options["user"] == {
        "id": encoded(HOLDER.encode()),
        "name": "ann",
        "displayName": "ann",
    }
    assert options["attestation"] == "none"
    assert options["authenticatorSelection"]["userVerification"] == "preferred"
    assert options["excludeCredentials"] == [
        {"id": key.credential_id, "type": "public-key", "transports": ["usb", "nfc"]}
    ]


def test_a_browser_is_asked_for_one_of_the_keys_of_this_site():
    key = enrolled(Authenticator(transports=()))
    elsewhere = replace(key, rp_id="other.example.com")
    options = authentication_options(replace(NEXT, alone=True), [key, elsewhere])
    assert options["allowCredentials"] == [{"id": key.credential_id, "type": "public-key"}]
    assert options["userVerification"] == "required"
    assert options["rpId"] == "iam.example.com"
