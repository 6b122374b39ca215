"""SAML providers: whose assertions the account takes, and the keys to decrypt them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from doorward.account.model import SamlKey, SamlProvider
from doorward.services.call import Call
from doorward.services.iam import find, saml_metadata, shape
from doorward.services.iam.errors import (
    EntityAlreadyExists,
    InvalidInput,
    LimitExceeded,
    ValidationError,
)
from doorward.services.iam.keys import request_tags
from doorward.services.iam.keys import tag_keys as tag_keys_key
from doorward.services.iam.provider_targets import new_saml_provider, saml_provider_of_arn
from doorward.services.iam.quotas import refuse_over_quota
from doorward.services.iam.tagging import retagged, tagged, untagged
from doorward.services.paging import page
from doorward.services.registry import anything, operation

MOST_KEYS = 2
_VALID_YEARS = 100
_ID_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_LEAP_DAY = (2, 29)


@operation("iam", on=new_saml_provider, keys=(request_tags,))
def create_saml_provider(
    call: Call,
    *,
    name: str,
    saml_metadata_document: str,
    assertion_encryption_mode: str = "Allowed",
    add_private_key: str | None = None,
    tags: Sequence[Mapping[str, str]] = (),
) -> dict[str, Any]:
    """Trust a SAML identity provider by its metadata."""
    if call.account.saml_provider(name):
        raise EntityAlreadyExists.saml_provider(name)
    refuse_over_quota(call, "SamlProvidersPerAccount", call.account.count(SamlProvider))
    saml_metadata.refuse_unusable(saml_metadata_document)
    provider = SamlProvider(
        name=name,
        provider_id=_new_id(call, "SAMLSP"),
        created=call.now,
        metadata=saml_metadata_document,
        valid_until=_in_a_hundred_years(call.now),
        tags=tagged((), tags, case_matters=True),
    )
    provider = _with_key(call, provider, add_private_key)
    provider = _with_mode(provider, assertion_encryption_mode)
    call.update(provider)
    return {
        "SAMLProviderArn": call.account.arn(provider),
        "Tags": shape.tags(provider.tags) or None,
    }


@operation("iam", on=saml_provider_of_arn, reads=True)
def get_saml_provider(call: Call, *, saml_provider_arn: str) -> dict[str, Any]:
    """Return a SAML provider with its metadata."""
    provider = find.saml_provider(call, saml_provider_arn)
    keys = [{"KeyId": key.id, "Timestamp": key.created} for key in provider.private_keys]
    return {
        "SAMLProviderUUID": provider.provider_id,
        "SAMLMetadataDocument": provider.metadata,
        "CreateDate": provider.created,
        "ValidUntil": provider.valid_until,
        "Tags": shape.tags(sorted(provider.tags)),
        "AssertionEncryptionMode": provider.encryption_mode,
        "PrivateKeyList": keys,
    }


@operation("iam", on=anything, reads=True)
def list_saml_providers(call: Call) -> dict[str, Any]:
    """List the account's SAML providers."""
    listed = [
        {
            "Arn": call.account.arn(provider),
            "ValidUntil": provider.valid_until,
            "CreateDate": provider.created,
        }
        for provider in call.account.all(SamlProvider)
    ]
    return {"SAMLProviderList": listed}


@operation("iam", on=saml_provider_of_arn)
def update_saml_provider(
    call: Call,
    *,
    saml_provider_arn: str,
    saml_metadata_document: str | None = None,
    assertion_encryption_mode: str | None = None,
    add_private_key: str | None = None,
    remove_private_key: str | None = None,
) -> dict[str, Any]:
    """Replace a SAML provider's metadata, or change how its assertions are decrypted."""
    provider = find.saml_provider(call, saml_provider_arn)
    if add_private_key and remove_private_key:
        raise ValidationError.saml_add_and_remove()
    if not (
        saml_metadata_document or assertion_encryption_mode or add_private_key or remove_private_key
    ):
        raise ValidationError.saml_nothing_to_update()
    if saml_metadata_document:
        saml_metadata.refuse_unusable(saml_metadata_document)
        provider = replace(provider, metadata=saml_metadata_document)
    provider = _with_key(call, provider, add_private_key)
    provider = _with_mode(provider, assertion_encryption_mode or provider.encryption_mode)
    provider = _without_key(call, provider, remove_private_key)
    call.update(provider)
    return {"SAMLProviderArn": call.account.arn(provider)}


@operation("iam", on=saml_provider_of_arn)
def delete_saml_provider(call: Call, *, saml_provider_arn: str) -> None:
    """Delete a SAML provider and its keys; roles that trust it keep its ARN."""
    provider = find.saml_provider(call, saml_provider_arn)
    for key in provider.private_keys:
        call.vault.drop(f"saml-key/{key.id}")
    call.account = call.account.drop(provider)


@operation("iam", on=saml_provider_of_arn, keys=(request_tags,))
def tag_saml_provider(
    call: Call, *, saml_provider_arn: str, tags: Sequence[Mapping[str, str]]
) -> None:
    """Add tags to a provider; keys that differ in case are two tags."""
    provider = find.saml_provider(call, saml_provider_arn)
    call.update(replace(provider, tags=retagged(provider.tags, tags, case_matters=True)))


@operation("iam", on=saml_provider_of_arn, keys=(tag_keys_key,))
def untag_saml_provider(call: Call, *, saml_provider_arn: str, tag_keys: Sequence[str]) -> None:
    """Remove tags from a provider."""
    provider = find.saml_provider(call, saml_provider_arn)
    if not tag_keys:
        raise InvalidInput.no_tag_keys()
    call.update(replace(provider, tags=untagged(provider.tags, tag_keys, case_matters=True)))


@operation("iam", on=saml_provider_of_arn, reads=True)
def list_saml_provider_tags(
    call: Call, *, saml_provider_arn: str, marker: str | None = None, max_items: int | None = None
) -> dict[str, Any]:
    """List a provider's tags, ordered by key."""
    tags = sorted(find.saml_provider(call, saml_provider_arn).tags)
    shown, rest = page(call, tags, lambda tag: tag.key, marker=marker, max_items=max_items)
    return {"Tags": shape.tags(shown), **rest}


def _with_key(call: Call, provider: SamlProvider, pem: str | None) -> SamlProvider:
    if pem is None:
        return provider
    if len(provider.private_keys) >= MOST_KEYS:
        raise LimitExceeded.saml_private_keys(MOST_KEYS)
    _refuse_no_private_key(pem)
    key = SamlKey(_new_id(call, "SAMLPK"), call.now)
    call.vault.put(f"saml-key/{key.id}", pem.encode())
    return replace(provider, private_keys=(*provider.private_keys, key))


def _without_key(call: Call, provider: SamlProvider, key_id: str | None) -> SamlProvider:
    if key_id is None:
        return provider
    left = tuple(key for key in provider.private_keys if key.id != key_id)
    is_last_needed = provider.encryption_mode == "Required" and not left
    if len(left) == len(provider.private_keys) or is_last_needed:
        raise InvalidInput.saml_key_not_removed()
    call.vault.drop(f"saml-key/{key_id}")
    return replace(provider, private_keys=left)


def _with_mode(provider: SamlProvider, mode: str) -> SamlProvider:
    if mode == "Required" and not provider.private_keys:
        raise InvalidInput.saml_key_needed()
    return replace(provider, encryption_mode=mode)


def _refuse_no_private_key(pem: str) -> None:
    try:
        load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise InvalidInput.saml_private_key() from None


def _new_id(call: Call, prefix: str) -> str:
    return prefix + "".join(_ID_ALPHABET[byte % 36] for byte in call.random(16))


def _in_a_hundred_years(now: datetime) -> datetime:
    """AWS: whatever the metadata says about its own validity."""
    day = 28 if (now.month, now.day) == _LEAP_DAY else now.day
    return now.replace(year=now.year + _VALID_YEARS, day=day)
