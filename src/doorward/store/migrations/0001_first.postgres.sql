CREATE TABLE account (
    id TEXT COLLATE "C" PRIMARY KEY,
    revision BIGINT NOT NULL
);

CREATE TABLE entity (
    account TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    revision BIGINT NOT NULL,
    body BYTEA,
    PRIMARY KEY (account, kind, key)
);
CREATE INDEX entity_by_revision ON entity (account, revision);
CREATE INDEX entity_by_key ON entity (kind, key, account);

CREATE SEQUENCE record_sequence;
CREATE TABLE record (
    sequence BIGINT PRIMARY KEY,
    account TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    event_id TEXT COLLATE "C" NOT NULL,
    event_name TEXT COLLATE "C" NOT NULL,
    event_source TEXT COLLATE "C" NOT NULL,
    username TEXT COLLATE "C" NOT NULL,
    access_key_id TEXT COLLATE "C" NOT NULL,
    read_only BOOLEAN NOT NULL,
    resources TEXT COLLATE "C" NOT NULL,
    request_id TEXT COLLATE "C" NOT NULL,
    body BYTEA NOT NULL
);
CREATE INDEX record_by_time ON record (account, at, sequence);
CREATE INDEX record_by_event_id ON record (account, event_id, at, sequence);
CREATE INDEX record_by_request_id ON record (account, request_id, at, sequence);

CREATE TABLE record_range (
    value_hash BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    first_at BIGINT NOT NULL,
    PRIMARY KEY (value_hash, last_at, sequence)
);

CREATE TABLE setting (
    name TEXT COLLATE "C" PRIMARY KEY,
    value BYTEA NOT NULL
);
