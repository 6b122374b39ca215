"""Which address of ours opens what, for people and their browsers."""

from collections.abc import Mapping

from doorward.app.signin import sessions
from doorward.app.signin.door import Handler

HANDLERS: Mapping[tuple[str, str], Handler] = {
    **sessions.HANDLERS,
}
"""(method, path) -> handler. A module of entrances has a table `HANDLERS` of its own."""
