"""Which address of ours opens what, for people and their browsers."""

from collections.abc import Mapping

from doorward.app.signin import (
    enrolment,
    federation,
    first_step,
    new_password,
    oauth,
    oauth_tokens,
    own_passkeys,
    recovery,
    second_factor,
    sessions,
    sign_in_page,
    step_up,
    switch_role,
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
    **recovery.HANDLERS,
    **federation.HANDLERS,
    **oauth.HANDLERS,
    **oauth_tokens.HANDLERS,
    **switch_role.HANDLERS,
    **sign_in_page.HANDLERS,
}
"""(method, path) -> handler. A module of entrances has a table `HANDLERS` of its own."""
