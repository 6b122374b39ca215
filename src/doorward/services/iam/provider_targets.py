"""What the operations on identity providers and server certificates act on."""

from collections.abc import Iterator

from doorward.account.model import ServerCertificate
from doorward.services.call import Call
from doorward.services.iam.oidc_urls import provider_url
from doorward.services.registry import Params, Question, Target


def oidc_provider_of_arn(call: Call, params: Params) -> Target:
    """The OpenID Connect provider of `OpenIDConnectProviderArn`."""
    arn = params["open_id_connect_provider_arn"]
    found = call.account.oidc_provider(arn.partition(":oidc-provider/")[2])
    return Target(arn, tags=found.tags if found else ())


def new_oidc_provider(call: Call, params: Params) -> Target:
    """The OpenID Connect provider about to be made."""
    return _arn(call, f"oidc-provider/{provider_url(params['url'])}")


def saml_provider_of_arn(call: Call, params: Params) -> Target:
    """The SAML provider of `SAMLProviderArn`."""
    arn = params["saml_provider_arn"]
    found = call.account.saml_provider(arn.partition(":saml-provider/")[2])
    return Target(arn, tags=found.tags if found else ())


def new_saml_provider(call: Call, params: Params) -> Target:
    """The SAML provider about to be made."""
    return _arn(call, f"saml-provider/{params['name']}")


def server_certificate_named(call: Call, params: Params) -> Target:
    """The server certificate of `ServerCertificateName`."""
    name = params["server_certificate_name"]
    found: ServerCertificate | None = call.account.server_certificate(name)
    if found is None:
        return _arn(call, f"server-certificate/{name}")
    return Target(call.account.arn(found), tags=found.tags)


def new_server_certificate(call: Call, params: Params) -> Target:
    """The server certificate about to be stored."""
    path, name = params.get("path", "/"), params["server_certificate_name"]
    return _arn(call, f"server-certificate{path}{name}")


def server_certificates_under_path(call: Call, params: Params) -> Target:
    """Every server certificate under `PathPrefix`."""
    return _arn(call, f"server-certificate{params.get('path_prefix', '/')}*")


def renamed_server_certificate(call: Call, params: Params) -> Iterator[Question]:
    """The same permission on the certificate's new name and path (API reference)."""
    old = call.account.server_certificate(params["server_certificate_name"])
    if old is None:
        return
    path = params.get("new_path") or old.path
    name = params.get("new_server_certificate_name") or old.name
    if (path, name) != (old.path, old.name):
        target = _arn(call, f"server-certificate{path}{name}")
        yield Question("iam:UpdateServerCertificate", target, {})


def _arn(call: Call, resource: str) -> Target:
    return Target(f"arn:aws:iam::{call.account.id}:{resource}")
