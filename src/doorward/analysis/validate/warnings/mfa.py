"""A Deny without MFA that also denies getting MFA."""

from collections.abc import Iterator
from typing import Final

from doorward.analysis.validate.finding import Fix, Severity
from doorward.analysis.validate.grants import named_by
from doorward.analysis.validate.mending import element_edit, rewritten
from doorward.analysis.validate.reading import Statement, quoted
from doorward.analysis.validate.registry import Hit, check
from doorward.analysis.validate.security.mfa import wants_no_mfa

ENROLMENT: Final = (
    "iam:ChangePassword",
    "iam:CreateVirtualMFADevice",
    "iam:EnableMFADevice",
    "iam:GetUser",
    "iam:ListMFADevices",
    "iam:ListVirtualMFADevices",
    "iam:ResyncMFADevice",
    "sts:GetSessionToken",
)
"""What a user without MFA needs in order to get it and to begin a session with it."""

_GETS_IT: Final = ("iam:CreateVirtualMFADevice", "iam:EnableMFADevice")


@check("mfa-enforce-lockout", Severity.WARNING, kinds=("identity", "boundary", "scp"))
def locked_out(statement: Statement) -> Iterator[Hit]:
    """Whoever has no MFA yet is denied the actions that set it up, and stays locked out."""
    if not statement.denies or not _without_mfa(statement) or not _everywhere(statement):
        return
    denied = [action for action in ENROLMENT if named_by(statement, action)]
    if not any(action in _GETS_IT for action in denied):
        return
    element = statement.element("Action") or statement.element("NotAction") or statement.at
    message = (
        "A user without MFA can never set it up: denied as well are "
        f"{', '.join(denied)}. Leave them out with NotAction."
    )
    yield Hit(element, message, tuple(_left_out(statement)))


def _without_mfa(statement: Statement) -> bool:
    """Whether the Deny is about sessions without MFA, and about all of them."""
    return bool(statement.conditions) and all(map(wants_no_mfa, statement.conditions))


def _everywhere(statement: Statement) -> bool:
    if statement.not_resources:
        return not _spares_enrolment(statement)
    return not statement.resources or any(each.text == "*" for each in statement.resources)


def _spares_enrolment(statement: Statement) -> bool:
    """Whether NotResource leaves out users and devices, which enrolment acts on."""
    kinds = {each.text.split(":", 5)[-1].partition("/")[0] for each in statement.not_resources}
    return {"user", "mfa"} <= kinds


def _left_out(statement: Statement) -> Iterator[Fix]:
    """The form with NotAction, where everything is denied or everything else."""
    spared = [each.text for each in statement.not_actions]
    if not spared and all(each.text != "*" for each in statement.actions):
        return
    listed = ", ".join(quoted(action) for action in dict.fromkeys((*spared, *ENROLMENT)))
    edits = [
        *element_edit(statement, "Action", f'"NotAction": [{listed}]'),
        *element_edit(statement, "NotAction", f'"NotAction": [{listed}]'),
    ]
    yield rewritten("deny all but what sets MFA up", statement, edits)
