"""End what a user opens doors with: nothing is deleted that an auditor may ask for."""

from collections.abc import Iterator
from dataclasses import replace

from doorward.account.mfa import MfaKind
from doorward.account.model import User
from doorward.services.call import Call
from doorward.services.iam.passwords import password_place


def end_credentials(call: Call, user: User) -> list[str]:
    """Switch off every key and certificate, take password, MFA devices and sessions away.

    Returns:
        What was done, one line each.
    """
    said = [*_switched_off(user), *_devices_taken(call, user)]
    if user.login_profile:
        call.vault.drop(password_place(user.user_id))
        said.append("deleted the login profile")
    call.update(_closed(user, call))
    return [*said, "ended all sessions"]


def _switched_off(user: User) -> Iterator[str]:
    for noun, held in (
        ("access key", user.access_keys),
        ("SSH key", user.ssh_keys),
        ("signing certificate", user.certificates),
        ("service credential", user.service_credentials),
    ):
        yield from (f"deactivated the {noun} {each.id}" for each in held if each.active)


def _devices_taken(call: Call, user: User) -> Iterator[str]:
    for device in call.account.mfa_devices_of(user.user_id):
        # AWS: a security key goes with its assignment, any other device stays.
        if device.kind is MfaKind.FIDO:
            call.remove([device])
        else:
            call.update(replace(device, holder=None, enabled=None))
        yield f"deactivated the MFA device {device.serial}"


def _closed(user: User, call: Call) -> User:
    return replace(
        user,
        access_keys=tuple(each._replace(active=False) for each in user.access_keys),
        ssh_keys=tuple(each._replace(active=False) for each in user.ssh_keys),
        certificates=tuple(each._replace(active=False) for each in user.certificates),
        service_credentials=tuple(each._replace(active=False) for each in user.service_credentials),
        login_profile=None,
        revoked_before=call.now,
    )
