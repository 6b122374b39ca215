import pytest

from doorward.services.iam.errors import InvalidInput, ValidationError
from doorward.services.iam.oidc_urls import provider_url, refuse_unusable


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://idp.example.com", "idp.example.com"),
        ("https://idp.example.com:443", "idp.example.com"),
        ("https://idp.example.com:443/path/", "idp.example.com/path/"),
        ("https://idp.example.com/path", "idp.example.com/path"),
        ("https://idp.example.com/a:443/b", "idp.example.com/a:443/b"),
        ("https://IDP.EXAMPLE.COM/MixedCase", "IDP.EXAMPLE.COM/MixedCase"),
        ("https://keycloak:8443/realms/x", "keycloak:8443/realms/x"),
        ("https://idp.example.com:4430", "idp.example.com:4430"),
    ],
)
def test_urls_that_are_taken(url, kept):
    refuse_unusable(url)
    assert provider_url(url) == kept


@pytest.mark.parametrize("url", ["https://idp.example.com/?q=v", "https://idp.example.com/#f"])
def test_queries_and_fragments_are_refused_without_a_word(url):
    with pytest.raises(InvalidInput, match=r"^Unknown$"):
        refuse_unusable(url)


@pytest.mark.parametrize(
    "url", ["http://idp.example.com", "idp.example.com", "https://", "https://a b", "https://u@h/"]
)
def test_what_is_no_issuer(url):
    with pytest.raises(ValidationError):
        refuse_unusable(url)
