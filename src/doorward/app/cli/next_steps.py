"""What to do about a refusal that comes in AWS's words, or from the machine's own commands."""

import re

STEPS = (
    (r"The (user|group|role) with name .* cannot be found", "`aws iam list-{0}s` names them."),
    (r"MFA Device with serial number .* does not exist", "The number is on the token's back."),
    (r"MFA VirtualDevice in use", "`aws iam deactivate-mfa-device` takes it from its user first."),
    (r"there is no account .* here", "Leave --account out for the main one."),
)


def next_step(refusal: str) -> str:
    """One line that helps; empty where the refusal says all there is to say."""
    for pattern, step in STEPS:
        if found := re.match(pattern, refusal):
            return step.format(*found.groups())
    return ""
