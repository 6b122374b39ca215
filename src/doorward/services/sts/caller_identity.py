"""Who am I?"""

from doorward.services.call import Call
from doorward.services.registry import anything, operation


@operation("sts", on=anything, reads=True, exempt=True)
def get_caller_identity(call: Call) -> dict[str, str]:
    """Say who calls; no policy can forbid it."""
    return {
        "UserId": call.caller.unique_id,
        "Account": call.caller.account,
        "Arn": call.caller.arn,
    }
