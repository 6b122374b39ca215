"""X.509 signing certificates of users and of root: two each, kept for the old SOAP interfaces."""

import base64
from dataclasses import replace
from typing import Any

from doorward.account.model import SigningCertificate, User
from doorward.services.call import Call
from doorward.services.iam import certificate_checks
from doorward.services.iam.credential_errors import DuplicateCertificate
from doorward.services.iam.credential_holder import (
    Holder,
    credential,
    holder,
    name_of,
    status_of,
    switched,
    without,
)
from doorward.services.iam.quotas import refuse_over_quota
from doorward.services.iam.targets import user_or_self
from doorward.services.paging import page
from doorward.services.registry import operation

_NOUN = "Certificate"
_ID_BYTES = 20


@operation("iam", on=user_or_self)
def upload_signing_certificate(
    call: Call, *, certificate_body: str, user_name: str | None = None
) -> dict[str, Any]:
    """Keep a certificate that is valid now and that nobody in the account has."""
    whose = holder(call, user_name)
    body = certificate_checks.signing_certificate(certificate_body, call.now)
    if body in _bodies(call):
        raise DuplicateCertificate.in_the_account()
    refuse_over_quota(call, "SigningCertificatesPerUserQuota", len(_held(whose)))
    made = SigningCertificate(
        base64.b32encode(call.random(_ID_BYTES)[:_ID_BYTES]).decode(), body, call.now
    )
    call.update(_with(whose, (*_held(whose), made)))
    return {"Certificate": _shown(whose, made)}


@operation("iam", on=user_or_self, reads=True)
def list_signing_certificates(
    call: Call,
    *,
    user_name: str | None = None,
    marker: str | None = None,
    max_items: int | None = None,
) -> dict[str, Any]:
    """List the signing certificates of a user; root's when root names nobody."""
    whose = holder(call, user_name)
    held = sorted(_held(whose))
    shown, rest = page(call, held, lambda each: each.id, marker=marker, max_items=max_items)
    return {"Certificates": [_shown(whose, each) for each in shown], **rest}


@operation("iam", on=user_or_self)
def update_signing_certificate(
    call: Call, *, certificate_id: str, status: str, user_name: str | None = None
) -> None:
    """Switch a certificate on or off."""
    whose = holder(call, user_name)
    one = credential(_held(whose), certificate_id, _NOUN)
    call.update(_with(whose, switched(_held(whose), one, status)))


@operation("iam", on=user_or_self)
def delete_signing_certificate(
    call: Call, *, certificate_id: str, user_name: str | None = None
) -> None:
    """Take a certificate away."""
    whose = holder(call, user_name)
    one = credential(_held(whose), certificate_id, _NOUN)
    call.update(_with(whose, without(_held(whose), one)))


def _held(of: Holder) -> tuple[SigningCertificate, ...]:
    return of.certificates if isinstance(of, User) else of.root_certificates


def _with(of: Holder, held: tuple[SigningCertificate, ...]) -> Holder:
    if isinstance(of, User):
        return replace(of, certificates=held)
    return replace(of, root_certificates=held)


def _bodies(call: Call) -> set[str]:
    """Every certificate of the account: they are ever few."""
    holders: list[Holder] = [call.account.profile, *call.account.all(User)]
    return {each.body for one in holders for each in _held(one)}


def _shown(whose: Holder, of: SigningCertificate) -> dict[str, Any]:
    return {
        "UserName": name_of(whose),
        "CertificateId": of.id,
        "CertificateBody": of.body,
        "Status": status_of(active=of.active),
        "UploadDate": of.uploaded,
    }
