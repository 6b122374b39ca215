"""The schema, as numbered steps forward: `0001_first.sqlite.sql` brings version 0 to 1.

A change of the schema is a new pair of files; a file that was ever released is never edited.
Statements end with a semicolon and hold none inside. There is no way back: restore a backup.
"""

from collections.abc import Sequence
from importlib.resources import files
from typing import TYPE_CHECKING

from doorward.store.errors import SchemaTooNew

if TYPE_CHECKING:
    from doorward.store.sql import Session

VERSION_TABLE = "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)"


def steps(dialect: str) -> tuple[str, ...]:
    """Return the SQL of every step for a dialect (`sqlite`, `postgres`), first step first."""
    here = files(__name__).iterdir()
    chosen = sorted(
        (entry for entry in here if entry.name.endswith(f".{dialect}.sql")),
        key=lambda entry: entry.name,
    )
    return tuple(entry.read_text("utf-8") for entry in chosen)


def version(session: "Session") -> int:
    """Return the database's schema version; the version table must be there."""
    found = session.rows("SELECT version FROM schema_version")
    return int(found[0][0]) if found else 0


def refuse_newer(found: int, known: int) -> None:
    """Raise SchemaTooNew when the database is ahead of this Doorward."""
    if found > known:
        raise SchemaTooNew(found, known)


def migrate(session: "Session", upward: Sequence[str]) -> None:
    """Take the missing steps, inside the session's transaction: all of them or none.

    Raises:
        SchemaTooNew: the database has taken steps this Doorward does not know.
    """
    session.run(VERSION_TABLE)
    found = version(session)
    refuse_newer(found, len(upward))
    if found == len(upward):
        return
    for step in upward[found:]:
        for statement in filter(None, map(str.strip, step.split(";"))):
            session.run(statement)
    session.run("DELETE FROM schema_version")
    session.run("INSERT INTO schema_version (version) VALUES (?)", (len(upward),))
