"""Server certificates, with their private keys in the vault."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from doorward.account.model import ServerCertificate
from doorward.services.call import Call
from doorward.services.iam import certificate_checks, find, shape
from doorward.services.iam.errors import EntityAlreadyExists, InvalidInput
from doorward.services.iam.keys import request_tags
from doorward.services.iam.keys import tag_keys as tag_keys_key
from doorward.services.iam.provider_targets import (
    new_server_certificate,
    renamed_server_certificate,
    server_certificate_named,
    server_certificates_under_path,
)
from doorward.services.iam.quotas import refuse_over_quota
from doorward.services.iam.tagging import retagged, tagged, untagged
from doorward.services.paging import page
from doorward.services.registry import operation


@operation("iam", on=new_server_certificate, keys=(request_tags,))
def upload_server_certificate(
    call: Call,
    *,
    server_certificate_name: str,
    certificate_body: str,
    private_key: str,
    path: str = "/",
    certificate_chain: str | None = None,
    tags: Sequence[Mapping[str, str]] = (),
) -> dict[str, Any]:
    """Store a certificate whose private key matches and whose chain leads on from it."""
    if call.account.server_certificate(server_certificate_name):
        raise EntityAlreadyExists.server_certificate(server_certificate_name)
    refuse_over_quota(call, "ServerCertificatesQuota", call.account.count(ServerCertificate))
    expires = certificate_checks.expiry(certificate_body, private_key, certificate_chain, call.now)
    certificate = ServerCertificate(
        name=server_certificate_name,
        path=path,
        certificate_id=call.new_id("ASCA"),
        uploaded=call.now,
        expires=expires,
        body=certificate_body.strip(),
        chain=certificate_chain.strip() if certificate_chain else None,
        tags=tagged((), tags, case_matters=True),
    )
    call.vault.put(_secret(certificate), private_key.encode())
    call.update(certificate)
    return {
        "ServerCertificateMetadata": _metadata(call, certificate),
        "Tags": shape.tags(certificate.tags) or None,
    }


@operation("iam", on=server_certificate_named, reads=True)
def get_server_certificate(call: Call, *, server_certificate_name: str) -> dict[str, Any]:
    """Return a certificate and its chain; never the private key."""
    certificate = find.server_certificate(call, server_certificate_name)
    return {
        "ServerCertificate": {
            "ServerCertificateMetadata": _metadata(call, certificate),
            "CertificateBody": certificate.body,
            "CertificateChain": certificate.chain,
            "Tags": shape.tags(certificate.tags),
        }
    }


@operation("iam", on=server_certificates_under_path, reads=True)
def list_server_certificates(
    call: Call,
    *,
    path_prefix: str = "/",
    marker: str | None = None,
    max_items: int | None = None,
) -> dict[str, Any]:
    """List the certificates under a path, ordered by name."""
    under = [
        each for each in call.account.all(ServerCertificate) if each.path.startswith(path_prefix)
    ]
    shown, rest = page(call, under, lambda each: each.key, marker=marker, max_items=max_items)
    return {"ServerCertificateMetadataList": [_metadata(call, each) for each in shown], **rest}


@operation("iam", on=server_certificate_named, also=(renamed_server_certificate,))
def update_server_certificate(
    call: Call,
    *,
    server_certificate_name: str,
    new_path: str | None = None,
    new_server_certificate_name: str | None = None,
) -> None:
    """Move a certificate to another path or give it another name.

    AWS drops the tags when nothing is to be changed; we keep them.
    """
    certificate = find.server_certificate(call, server_certificate_name)
    name = new_server_certificate_name or certificate.name
    taken = call.account.server_certificate(name)
    if taken and taken is not certificate:
        raise EntityAlreadyExists.server_certificate(name)
    moved = replace(certificate, name=name, path=new_path or certificate.path)
    call.account = call.account.drop(certificate).put(moved)


@operation("iam", on=server_certificate_named)
def delete_server_certificate(call: Call, *, server_certificate_name: str) -> None:
    """Delete a certificate and its private key."""
    certificate = find.server_certificate(call, server_certificate_name)
    call.vault.drop(_secret(certificate))
    call.account = call.account.drop(certificate)


@operation("iam", on=server_certificate_named, keys=(request_tags,))
def tag_server_certificate(
    call: Call, *, server_certificate_name: str, tags: Sequence[Mapping[str, str]]
) -> None:
    """Add tags to a certificate; keys that differ in case are two tags."""
    certificate = find.server_certificate(call, server_certificate_name)
    if not tags:
        raise InvalidInput.no_tag_map()
    call.update(replace(certificate, tags=retagged(certificate.tags, tags, case_matters=True)))


@operation("iam", on=server_certificate_named, keys=(tag_keys_key,))
def untag_server_certificate(
    call: Call, *, server_certificate_name: str, tag_keys: Sequence[str]
) -> None:
    """Remove tags from a certificate; here AWS refuses a key that is not there."""
    certificate = find.server_certificate(call, server_certificate_name)
    if not tag_keys:
        raise InvalidInput.no_tag_keys()
    if not {tag.key for tag in certificate.tags}.issuperset(tag_keys):
        raise InvalidInput.tag_parameters()
    call.update(replace(certificate, tags=untagged(certificate.tags, tag_keys, case_matters=True)))


@operation("iam", on=server_certificate_named, reads=True)
def list_server_certificate_tags(
    call: Call,
    *,
    server_certificate_name: str,
    marker: str | None = None,
    max_items: int | None = None,
) -> dict[str, Any]:
    """List a certificate's tags, ordered by key."""
    tags = sorted(find.server_certificate(call, server_certificate_name).tags)
    shown, rest = page(call, tags, lambda tag: tag.key, marker=marker, max_items=max_items)
    return {"Tags": shape.tags(shown), **rest}


def _secret(certificate: ServerCertificate) -> str:
    return f"server-certificate/{certificate.certificate_id}"


def _metadata(call: Call, of: ServerCertificate) -> dict[str, Any]:
    return {
        "Path": of.path,
        "ServerCertificateName": of.name,
        "ServerCertificateId": of.certificate_id,
        "Arn": call.account.arn(of),
        "UploadDate": of.uploaded,
        "Expiration": of.expires,
    }
