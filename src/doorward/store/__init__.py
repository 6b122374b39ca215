"""Durable state: rows per account, the record of calls, settings, secrets at rest."""

from pathlib import Path

from doorward.store.unit import Store

POSTGRES_SCHEMES = ("postgresql://", "postgres://")


def open_store(where: str | Path | None) -> Store:
    """Open the store a setting names: nothing (memory), a PostgreSQL URL, or a data directory.

    Raises:
        DirectoryLocked: another process has the data directory.
        SchemaTooNew: a newer Doorward wrote it.
        StoreUnavailable: it cannot be reached or written.
        ValueError: the URL is of a database Doorward does not speak.
    """
    if where is None:
        from doorward.store.memory import MemoryStore

        return MemoryStore()
    if isinstance(where, str) and where.startswith(POSTGRES_SCHEMES):
        from doorward.store.postgres import PostgresStore

        return PostgresStore(where)
    if isinstance(where, str) and "://" in where:
        scheme = where.partition("://")[0]
        raise ValueError(f"{scheme}:// is no database Doorward speaks; use postgresql://")
    from doorward.store.sqlite import SqliteStore

    return SqliteStore(Path(where))


def open_read_only(directory: str | Path) -> Store:
    """Open a data directory for reading, also while a server holds its lock; writes are refused."""
    from doorward.store.sqlite import SqliteStore

    return SqliteStore(Path(directory), read_only=True)
