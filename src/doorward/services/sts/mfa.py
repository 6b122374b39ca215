"""The MFA code a caller may send along with AssumeRole and GetSessionToken."""

from doorward.services.call import Call
from doorward.services.registry import Context, Params
from doorward.services.sts.errors import AccessDenied, ValidationError


def prove(serial_number: str | None, token_code: str | None) -> None:
    """Check a code against the calling user's devices, of which there are none.

    Raises:
        ValidationError: one of the two came without the other.
        AccessDenied: the serial number is not one of the user's.
    """
    if serial_number is None and token_code is None:
        return
    if serial_number is None or token_code is None:
        raise ValidationError.half_an_mfa_code()
    raise AccessDenied.unknown_mfa_device()


def proof(_call: Call, params: Params) -> Context:
    """Prove the code before the decision, which may ask whether there was one."""
    prove(params.get("serial_number"), params.get("token_code"))
    return {}
