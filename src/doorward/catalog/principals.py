"""Who may stand in a trust policy beside AWS principals: services and web identity providers.

Source: principals named in AWS managed policies, botocore's endpoints, AWS's service prefixes,
and a published list (data/SOURCES.md). AWS publishes no full list.
"""

from __future__ import annotations

from functools import cache

from doorward.catalog.pack import rows
from doorward.catalog.regions import is_well_formed, partitions

_WEB_IDENTITY_PROVIDERS = frozenset(
    {
        "accounts.google.com",
        "cognito-identity-us-gov.amazonaws.com",
        "cognito-identity.amazonaws.com",
        "graph.facebook.com",
        "www.amazon.com",
    }
)

_OUTSIDE_SUFFIX = ".amazon.com"  # Alexa's two principals; listed whole


def is_service_principal(name: str) -> bool:
    """Say whether an AWS service goes by this name in a policy; AWS spells them in lower case.

    `SERVICE.amazonaws.com`, any other partition's DNS suffix, and either with a region before or
    after the service (`logs.eu-west-1.amazonaws.com`). AWS refuses a trust policy that names one
    that does not exist.
    """
    known = _known()
    if name.endswith(_OUTSIDE_SUFFIX):
        return name in known
    return any(_without_region(stem) in known for stem in _stems(name))


def is_web_identity_provider(name: str) -> bool:
    """Say whether this is a provider AWS trusts without an OIDC provider in the account."""
    return name in _WEB_IDENTITY_PROVIDERS


def _stems(name: str) -> list[str]:
    return [name.removesuffix(end) for end in _suffixes() if name.endswith(end)]


def _without_region(stem: str) -> str:
    first, _, rest = stem.partition(".")
    if rest and is_well_formed(first):
        return rest
    before, _, last = stem.rpartition(".")
    return before if before and is_well_formed(last) else stem


@cache
def _suffixes() -> tuple[str, ...]:
    return tuple(sorted({f".{partition.dns_suffix}" for partition in partitions()}))


@cache
def _known() -> frozenset[str]:
    return frozenset(rows("reference", "principals"))
