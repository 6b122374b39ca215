"""Security keys and passkeys: what a browser is asked, and the proof of what it answers.

The caller makes the challenge, keeps it for five minutes at most, and takes it back before it
asks here: a challenge that has been used is not ours to know. Attestation is not asked for.

Source: WebAuthn level 3, sections 7.1 and 7.2.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from doorward.account.mfa import FidoKey
from doorward.errors import NotAuthentic

if TYPE_CHECKING:
    from webauthn.helpers.structs import (
        PublicKeyCredentialDescriptor,
        UserVerificationRequirement,
    )

CHALLENGE_BYTES = 32
PATIENCE_MS = 300_000

Json = Mapping[str, Any]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Ceremony:
    """One registration or one sign-in, as this site offers it.

    Attributes:
        challenge: Fresh random bytes, used once.
        rp_id: The host of the console, without a port.
        origin: Where the browser is, as in `https://iam.example.com`; compared exactly.
        alone: The key is the only factor, so it must verify its user (PIN, finger).
    """

    challenge: bytes
    rp_id: str
    origin: str
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Assertion:
    """A key that was shown: which one, its counter, and whether it is synced now."""

    key: FidoKey
    sign_count: int
    backed_up: bool


def registration_options(
    ceremony: Ceremony, holder: str, name: str, held: Iterable[FidoKey]
) -> dict[str, Any]:
    """What `navigator.credentials.create()` is given, in JSON form.

    Args:
        ceremony: It is remembered until the answer comes.
        holder: The user's unique id, or the account id for root; the key stores it.
        name: What the browser shows.
        held: The holder's keys, which are not registered twice.
    """
    from webauthn import generate_registration_options
    from webauthn.helpers import options_to_json_dict
    from webauthn.helpers.structs import AuthenticatorSelectionCriteria, ResidentKeyRequirement

    return options_to_json_dict(
        generate_registration_options(
            rp_id=ceremony.rp_id,
            rp_name="Doorward",
            user_id=holder.encode(),
            user_name=name,
            challenge=ceremony.challenge,
            timeout=PATIENCE_MS,
            authenticator_selection=AuthenticatorSelectionCriteria(
                # A second factor is looked up by its user; the few places a security key has for
                # keys that find their user themselves are left free.
                resident_key=ResidentKeyRequirement.DISCOURAGED,
                user_verification=_verification(ceremony),
            ),
            exclude_credentials=_named(ceremony, held),
        )
    )


def registered(ceremony: Ceremony, answer: Json, held: Iterable[FidoKey]) -> FidoKey:
    """The key that answered.

    Raises:
        NotAuthentic: it answered another site, another challenge, or not as asked; or it is one
            of those `held`.
    """
    return _proven(lambda: _registered(ceremony, answer, held))


def authentication_options(ceremony: Ceremony, held: Iterable[FidoKey]) -> dict[str, Any]:
    """What `navigator.credentials.get()` is given, in JSON form."""
    from webauthn import generate_authentication_options
    from webauthn.helpers import options_to_json_dict

    return options_to_json_dict(
        generate_authentication_options(
            rp_id=ceremony.rp_id,
            challenge=ceremony.challenge,
            timeout=PATIENCE_MS,
            allow_credentials=_named(ceremony, held),
            user_verification=_verification(ceremony),
        )
    )


def authenticated(ceremony: Ceremony, answer: Json, held: Iterable[FidoKey]) -> Assertion:
    """Which of the holder's keys answered.

    Raises:
        NotAuthentic: none of them, another site, another challenge, a counter that went back (so
            somebody has copied the key), or not as asked.
    """
    return _proven(lambda: _authenticated(ceremony, answer, held))


def _registered(ceremony: Ceremony, answer: Json, held: Iterable[FidoKey]) -> FidoKey:
    from webauthn import verify_registration_response
    from webauthn.helpers import bytes_to_base64url, parse_registration_credential_json
    from webauthn.helpers.structs import CredentialDeviceType

    credential = parse_registration_credential_json(dict(answer))
    _refuse_framed(credential.response.client_data_json)
    found = verify_registration_response(
        credential=credential,
        expected_challenge=ceremony.challenge,
        expected_rp_id=ceremony.rp_id,
        expected_origin=ceremony.origin,
        require_user_verification=ceremony.alone,
    )
    credential_id = bytes_to_base64url(found.credential_id)
    if any(key.credential_id == credential_id for key in held):
        raise ValueError("the key is registered already")
    return FidoKey(
        credential_id=credential_id,
        public_key=bytes_to_base64url(found.credential_public_key),
        sign_count=found.sign_count,
        aaguid=found.aaguid,
        multi_device=found.credential_device_type is CredentialDeviceType.MULTI_DEVICE,
        backed_up=found.credential_backed_up,
        transports=tuple(each.value for each in credential.response.transports or ()),
        rp_id=ceremony.rp_id,
    )


def _authenticated(ceremony: Ceremony, answer: Json, held: Iterable[FidoKey]) -> Assertion:
    from webauthn import verify_authentication_response
    from webauthn.helpers import base64url_to_bytes, parse_authentication_credential_json
    from webauthn.helpers.structs import CredentialDeviceType

    credential = parse_authentication_credential_json(dict(answer))
    key = next((each for each in held if each.credential_id == credential.id), None)
    if key is None:
        raise ValueError("none of the holder's keys")
    _refuse_framed(credential.response.client_data_json)
    found = verify_authentication_response(
        credential=credential,
        expected_challenge=ceremony.challenge,
        expected_rp_id=ceremony.rp_id,
        expected_origin=ceremony.origin,
        credential_public_key=base64url_to_bytes(key.public_key),
        credential_current_sign_count=key.sign_count,
        require_user_verification=ceremony.alone,
    )
    syncs = found.credential_device_type is CredentialDeviceType.MULTI_DEVICE
    if syncs is not key.multi_device:
        raise ValueError("the key was not one that can be synced, or was")
    return Assertion(key, found.new_sign_count, found.credential_backed_up)


def _proven(proof: Callable[[], T]) -> T:
    try:
        return proof()
    # INVARIANT: whatever the bytes of a stranger make a parser say, nothing is proven.
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        raise NotAuthentic(
            "AccessDenied", "The security key could not be verified.", reason=reason
        ) from error


def _refuse_framed(client_data: bytes) -> None:
    """Refuse an answer given in a page that another site holds in a frame."""
    from webauthn.helpers import parse_client_data_json

    if parse_client_data_json(client_data).cross_origin:
        raise ValueError("answered in another site's frame")


def _verification(ceremony: Ceremony) -> "UserVerificationRequirement":
    from webauthn.helpers.structs import UserVerificationRequirement

    if ceremony.alone:
        return UserVerificationRequirement.REQUIRED
    return UserVerificationRequirement.PREFERRED


def _named(ceremony: Ceremony, held: Iterable[FidoKey]) -> "list[PublicKeyCredentialDescriptor]":
    """The keys of this site: a browser does not know those of another."""
    from webauthn.helpers import base64url_to_bytes
    from webauthn.helpers.structs import AuthenticatorTransport, PublicKeyCredentialDescriptor

    return [
        PublicKeyCredentialDescriptor(
            id=base64url_to_bytes(key.credential_id),
            transports=[AuthenticatorTransport(each) for each in key.transports] or None,
        )
        for key in held
        if key.rp_id == ceremony.rp_id
    ]
