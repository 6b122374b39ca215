"""Which address of ours opens what, for people and their browsers."""

from collections.abc import Mapping

from doorward.app.signin import (
    enrolment,
    first_step,
    new_password,
    own_passkeys,
    second_factor,
    sessions,
    step_up,
)
from doorward.app.signin.door import Handler

HANDLERS: Mapping[tuple[str, str], Handler] = {
    **sessions.HANDLERS,
    **first_step.HANDLERS,
    **second_factor.HANDLERS,
    **enrolment.HANDLERS,
    **new_password.HANDLERS,
    **step_up.HANDLERS,
    **own_passkeys.HANDLERS,
}
"""(method, path) -> handler. A module of entrances has a table `HANDLERS` of its own."""
