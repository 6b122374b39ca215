CREATE TABLE account (
    id TEXT PRIMARY KEY,
    revision INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE entity (
    account TEXT NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    revision INTEGER NOT NULL,
    body BLOB,
    PRIMARY KEY (account, kind, key)
);
CREATE INDEX entity_by_revision ON entity (account, revision);
CREATE INDEX entity_by_key ON entity (kind, key, account);

CREATE TABLE record (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    at INTEGER NOT NULL,
    event_id TEXT NOT NULL,
    event_name TEXT NOT NULL,
    event_source TEXT NOT NULL,
    username TEXT NOT NULL,
    access_key_id TEXT NOT NULL,
    read_only INTEGER NOT NULL,
    resources TEXT NOT NULL,
    request_id TEXT NOT NULL,
    body BLOB NOT NULL
);
CREATE INDEX record_by_time ON record (account, at, sequence);
CREATE INDEX record_by_event_id ON record (account, event_id, at, sequence);
CREATE INDEX record_by_request_id ON record (account, request_id, at, sequence);

CREATE TABLE record_range (
    value_hash INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    PRIMARY KEY (value_hash, last_at, sequence)
) WITHOUT ROWID;

CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value BLOB NOT NULL
) WITHOUT ROWID;
