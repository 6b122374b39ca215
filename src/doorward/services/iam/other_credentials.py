"""Credentials of users that nothing here makes yet, so that there are none to list.

Clients that remove a user ask for all of them first.
"""

from typing import Any

from doorward.account.caller import CallerKind
from doorward.services.call import Call
from doorward.services.iam import find
from doorward.services.iam.targets import user_or_self
from doorward.services.paging import opened
from doorward.services.registry import anything, operation


@operation("iam", on=user_or_self, reads=True)
def list_mfa_devices(
    call: Call,
    *,
    user_name: str | None = None,
    marker: str | None = None,
    max_items: int | None = None,  # noqa: ARG001 - no page is ever full
) -> dict[str, Any]:
    """List a user's MFA devices; the root user's when root asks for none by name."""
    return {"MFADevices": _none_of(call, user_name, marker), "IsTruncated": False}


@operation("iam", on=anything, reads=True)
def list_virtual_mfa_devices(
    call: Call,
    *,
    assignment_status: str = "Any",  # noqa: ARG001 - there are none of any status
    marker: str | None = None,
    max_items: int | None = None,  # noqa: ARG001 - no page is ever full
) -> dict[str, Any]:
    """List the account's virtual MFA devices."""
    _refuse_made_up(call, marker)
    return {"VirtualMFADevices": [], "IsTruncated": False}


@operation("iam", on=user_or_self, reads=True)
def list_ssh_public_keys(
    call: Call,
    *,
    user_name: str | None = None,
    marker: str | None = None,
    max_items: int | None = None,  # noqa: ARG001 - no page is ever full
) -> dict[str, Any]:
    """List a user's SSH public keys."""
    return {"SSHPublicKeys": _none_of(call, user_name, marker), "IsTruncated": False}


@operation("iam", on=user_or_self, reads=True)
def list_signing_certificates(
    call: Call,
    *,
    user_name: str | None = None,
    marker: str | None = None,
    max_items: int | None = None,  # noqa: ARG001 - no page is ever full
) -> dict[str, Any]:
    """List a user's signing certificates."""
    return {"Certificates": _none_of(call, user_name, marker), "IsTruncated": False}


@operation("iam", on=user_or_self, reads=True)
def list_service_specific_credentials(
    call: Call,
    *,
    user_name: str | None = None,
    service_name: str | None = None,  # noqa: ARG001 - there are none of any service
    all_users: bool | None = None,
    marker: str | None = None,
    max_items: int | None = None,  # noqa: ARG001 - no page is ever full
) -> dict[str, Any]:
    """List a user's credentials for single services, or those of all users."""
    if not all_users:
        return {
            "ServiceSpecificCredentials": _none_of(call, user_name, marker),
            "IsTruncated": False,
        }
    _refuse_made_up(call, marker)
    return {"ServiceSpecificCredentials": [], "IsTruncated": False}


def _none_of(call: Call, user_name: str | None, marker: str | None) -> list[Any]:
    """Nothing, of a user who exists, at a place that was handed out."""
    if user_name is not None or call.caller.kind is not CallerKind.ROOT:
        find.user_or_self(call, user_name)
    _refuse_made_up(call, marker)
    return []


def _refuse_made_up(call: Call, marker: str | None) -> None:
    if marker is not None:
        opened(call, marker)
