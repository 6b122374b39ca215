"""The URL of an OpenID Connect provider, as its ARN and its tokens spell it."""

import re

from doorward.services.iam.errors import InvalidInput, ValidationError

_SCHEME = "https://"
_URL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?(?:/[\x21-\x7e]*)?")
_DEFAULT_PORT = re.compile(r"^([^/]+):443(?=/|$)")


def provider_url(url: str) -> str:
    """The URL without `https://` and `:443`; case and a last slash are kept.

    Source: recorded answers, federation/oidc.
    """
    return _DEFAULT_PORT.sub(r"\1", url.removeprefix(_SCHEME))


def refuse_unusable(url: str) -> None:
    """Refuse a URL no token's issuer can have.

    Other ports than 443 are taken: providers inside a company's own network have them.
    """
    if "?" in url or "#" in url:
        raise InvalidInput.unknown()
    if not url.startswith(_SCHEME) or not _URL.fullmatch(url.removeprefix(_SCHEME)):
        raise ValidationError.oidc_url()
