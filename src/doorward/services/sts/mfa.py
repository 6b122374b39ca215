"""The MFA code a caller may send along with AssumeRole and GetSessionToken."""

from doorward.services.call import MfaClaim
from doorward.services.registry import Params
from doorward.services.sts.errors import ValidationError


def claim(params: Params) -> MfaClaim | None:
    """The code that came, if one did.

    Raises:
        ValidationError: serial number or code came without the other.
    """
    serial, code = params.get("serial_number"), params.get("token_code")
    if serial is None and code is None:
        return None
    if serial is None or code is None:
        raise ValidationError.half_an_mfa_code()
    return MfaClaim(serial, code)
