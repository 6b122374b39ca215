"""OpenID Connect providers: whose web identity tokens the account takes."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from doorward.account.model import OidcProvider
from doorward.services.call import Call
from doorward.services.iam import find, shape
from doorward.services.iam.errors import (
    EntityAlreadyExists,
    InvalidInput,
    LimitExceeded,
    NoSuchEntity,
)
from doorward.services.iam.keys import request_tags
from doorward.services.iam.keys import tag_keys as tag_keys_key
from doorward.services.iam.oidc_urls import provider_url, refuse_unusable
from doorward.services.iam.provider_targets import new_oidc_provider, oidc_provider_of_arn
from doorward.services.iam.quotas import refuse_over_quota
from doorward.services.iam.tagging import retagged, tagged, untagged
from doorward.services.paging import page
from doorward.services.registry import anything, operation

MOST_CLIENT_IDS = 100
MOST_THUMBPRINTS = 5


@operation("iam", on=new_oidc_provider, keys=(request_tags,))
def create_open_id_connect_provider(
    call: Call,
    *,
    url: str,
    client_id_list: Sequence[str] = (),
    thumbprint_list: Sequence[str] = (),
    tags: Sequence[Mapping[str, str]] = (),
) -> dict[str, Any]:
    """Trust an OpenID Connect provider; without thumbprints, its certificate authority alone."""
    refuse_unusable(url)
    key = provider_url(url)
    if call.account.oidc_provider(key):
        raise EntityAlreadyExists.oidc_provider(key)
    refuse_over_quota(call, "OidcProvidersPerAccount", call.account.count(OidcProvider))
    provider = OidcProvider(
        url=key,
        created=call.now,
        client_ids=_client_ids(client_id_list),
        thumbprints=_thumbprints(thumbprint_list),
        tags=tagged((), tags, case_matters=True),
    )
    call.update(provider)
    return {
        "OpenIDConnectProviderArn": call.account.arn(provider),
        "Tags": shape.tags(provider.tags) or None,
    }


@operation("iam", on=oidc_provider_of_arn, reads=True)
def get_open_id_connect_provider(
    call: Call, *, open_id_connect_provider_arn: str
) -> dict[str, Any]:
    """Return an OpenID Connect provider."""
    provider = find.oidc_provider(call, open_id_connect_provider_arn)
    return {
        "Url": provider.url,
        "ClientIDList": list(provider.client_ids),
        "ThumbprintList": list(provider.thumbprints),
        "CreateDate": provider.created,
        "Tags": shape.tags(sorted(provider.tags)),
    }


@operation("iam", on=anything, reads=True)
def list_open_id_connect_providers(call: Call) -> dict[str, Any]:
    """List the account's OpenID Connect providers."""
    arns = [call.account.arn(provider) for provider in call.account.all(OidcProvider)]
    return {"OpenIDConnectProviderList": [{"Arn": arn} for arn in arns]}


@operation("iam", on=oidc_provider_of_arn)
def update_open_id_connect_provider_thumbprint(
    call: Call, *, open_id_connect_provider_arn: str, thumbprint_list: Sequence[str]
) -> None:
    """Replace the thumbprints of the provider's certificate authorities."""
    provider = find.oidc_provider(call, open_id_connect_provider_arn)
    if not thumbprint_list:
        raise InvalidInput.no_thumbprint()
    call.update(replace(provider, thumbprints=_thumbprints(thumbprint_list)))


@operation("iam", on=oidc_provider_of_arn)
def add_client_id_to_open_id_connect_provider(
    call: Call, *, open_id_connect_provider_arn: str, client_id: str
) -> None:
    """Take tokens made for one more client; one that is known already is no error."""
    provider = find.oidc_provider(call, open_id_connect_provider_arn)
    client_ids = _client_ids((*provider.client_ids, client_id))
    call.update(replace(provider, client_ids=client_ids))


@operation("iam", on=oidc_provider_of_arn)
def remove_client_id_from_open_id_connect_provider(
    call: Call, *, open_id_connect_provider_arn: str, client_id: str
) -> None:
    """Take no more tokens made for a client; one that is not known is no error."""
    provider = find.oidc_provider(call, open_id_connect_provider_arn)
    left = tuple(each for each in provider.client_ids if each != client_id)
    call.update(replace(provider, client_ids=left))


@operation("iam", on=oidc_provider_of_arn)
def delete_open_id_connect_provider(call: Call, *, open_id_connect_provider_arn: str) -> None:
    """Delete an OpenID Connect provider; roles that trust it keep its ARN."""
    try:
        provider = find.oidc_provider(call, open_id_connect_provider_arn)
    except NoSuchEntity:
        raise NoSuchEntity.deleted_oidc_provider(open_id_connect_provider_arn) from None
    call.account = call.account.drop(provider)


@operation("iam", on=oidc_provider_of_arn, keys=(request_tags,))
def tag_open_id_connect_provider(
    call: Call, *, open_id_connect_provider_arn: str, tags: Sequence[Mapping[str, str]]
) -> None:
    """Add tags to a provider; keys that differ in case are two tags."""
    provider = find.oidc_provider(call, open_id_connect_provider_arn)
    call.update(replace(provider, tags=retagged(provider.tags, tags, case_matters=True)))


@operation("iam", on=oidc_provider_of_arn, keys=(tag_keys_key,))
def untag_open_id_connect_provider(
    call: Call, *, open_id_connect_provider_arn: str, tag_keys: Sequence[str]
) -> None:
    """Remove tags from a provider."""
    provider = find.oidc_provider(call, open_id_connect_provider_arn)
    if not tag_keys:
        raise InvalidInput.no_tag_keys()
    call.update(replace(provider, tags=untagged(provider.tags, tag_keys, case_matters=True)))


@operation("iam", on=oidc_provider_of_arn, reads=True)
def list_open_id_connect_provider_tags(
    call: Call,
    *,
    open_id_connect_provider_arn: str,
    marker: str | None = None,
    max_items: int | None = None,
) -> dict[str, Any]:
    """List a provider's tags, ordered by key."""
    tags = sorted(find.oidc_provider(call, open_id_connect_provider_arn).tags)
    shown, rest = page(call, tags, lambda tag: tag.key, marker=marker, max_items=max_items)
    return {"Tags": shape.tags(shown), **rest}


def _client_ids(client_ids: Sequence[str]) -> tuple[str, ...]:
    unique = tuple(dict.fromkeys(client_ids))
    if len(unique) > MOST_CLIENT_IDS:
        raise LimitExceeded.quota("ClientIdsPerOpenIdConnectProvider", MOST_CLIENT_IDS)
    return unique


def _thumbprints(thumbprints: Sequence[str]) -> tuple[str, ...]:
    if len(thumbprints) > MOST_THUMBPRINTS:
        raise InvalidInput.too_many_thumbprints()
    return tuple(thumbprint.lower() for thumbprint in thumbprints)
