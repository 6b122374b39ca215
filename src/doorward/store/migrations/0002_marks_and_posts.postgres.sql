CREATE TABLE mark (
    place TEXT COLLATE "C" NOT NULL,
    moment BIGINT NOT NULL,
    count BIGINT NOT NULL,
    until BIGINT NOT NULL,
    PRIMARY KEY (place, moment)
);
CREATE INDEX mark_by_until ON mark (until);

CREATE TABLE attempt (
    place TEXT COLLATE "C" PRIMARY KEY,
    count BIGINT NOT NULL,
    last BIGINT NOT NULL
);
CREATE INDEX attempt_by_last ON attempt (last);

CREATE TABLE post (
    id TEXT COLLATE "C" PRIMARY KEY,
    kind TEXT COLLATE "C" NOT NULL,
    body BYTEA NOT NULL,
    due BIGINT NOT NULL,
    tries BIGINT NOT NULL
);
CREATE INDEX post_by_due ON post (due);
