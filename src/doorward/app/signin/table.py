"""Which address of ours opens what, for people and their browsers."""

from collections.abc import Mapping

from doorward.app.signin import first_step, second_factor, sessions
from doorward.app.signin.door import Handler

HANDLERS: Mapping[tuple[str, str], Handler] = {
    **sessions.HANDLERS,
    **first_step.HANDLERS,
    **second_factor.HANDLERS,
}
"""(method, path) -> handler. A module of entrances has a table `HANDLERS` of its own."""
