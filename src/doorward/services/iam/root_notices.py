"""What root is told by mail when its credentials change, whoever changed them."""

from doorward.account.mfa import MfaDevice
from doorward.services.call import Call, Message


def password_set(call: Call, where: str) -> None:
    """Root has a new password; `where` it was set, as in `through a recovery link`."""
    _tell(
        call,
        "New password for root",
        f"The root user of account {call.account.id} got a new password {where}.",
    )


def mfa_added(call: Call, device: MfaDevice) -> None:
    """Root has one more second factor."""
    _tell(
        call,
        "MFA added to root",
        f"The MFA device {device.serial} was assigned to the root user of account"
        f" {call.account.id}.",
    )


def mfa_removed(call: Call, device: MfaDevice) -> None:
    """Root has one second factor less."""
    _tell(
        call,
        "MFA removed from root",
        f"The MFA device {device.serial} was taken from the root user of account"
        f" {call.account.id}.",
    )


def _tell(call: Call, subject: str, sentence: str) -> None:
    at = call.now.strftime("%Y-%m-%d %H:%M:%S UTC")
    text = (
        f"{sentence}\n\nWhen: {at}\n\n"
        "If this was not you, take root back from the machine Doorward runs on:\n"
        "doorward recover --root, doorward root reset-mfa.\n"
    )
    body = {"to": call.account.profile.email, "subject": f"Doorward: {subject}", "text": text}
    call.messages.append(Message("mail", body))
