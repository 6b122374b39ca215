CREATE TABLE mark (
    place TEXT NOT NULL,
    moment INTEGER NOT NULL,
    count INTEGER NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (place, moment)
) WITHOUT ROWID;
CREATE INDEX mark_by_until ON mark (until);

CREATE TABLE attempt (
    place TEXT PRIMARY KEY,
    count INTEGER NOT NULL,
    last INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX attempt_by_last ON attempt (last);

CREATE TABLE post (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    body BLOB NOT NULL,
    due INTEGER NOT NULL,
    tries INTEGER NOT NULL
);
CREATE INDEX post_by_due ON post (due);
