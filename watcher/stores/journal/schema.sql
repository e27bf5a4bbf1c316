-- The journal, version 1. Times are milliseconds since 1970, UTC. Steps that follow this one: see MIGRATIONS in file.py.

-- Where each source stands, and how its last run ended.
CREATE TABLE sources (
    name        TEXT PRIMARY KEY,
    cursor      TEXT,
    last_run_at INTEGER,
    last_ok_at  INTEGER,
    last_new_at INTEGER,
    not_before  INTEGER,
    outcome     TEXT,
    message     TEXT NOT NULL DEFAULT '',
    failures    INTEGER NOT NULL DEFAULT 0,
    posts       INTEGER NOT NULL DEFAULT 0
);

-- Every post ever collected, without its words. `collected_at` is the first time, and gives the month of its index.
CREATE TABLE seen (
    id           TEXT PRIMARY KEY,
    platform     TEXT NOT NULL,
    source       TEXT NOT NULL,
    native_id    TEXT,
    author       TEXT,
    collected_at INTEGER NOT NULL,
    version      INTEGER NOT NULL,
    content_hash TEXT NOT NULL,
    stored_at    INTEGER,
    is_deleted   INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

CREATE INDEX seen_author ON seen (author) WHERE author IS NOT NULL;

-- What a target has not acknowledged yet. `body` is JSON, NULL for a deletion; one row a document, its latest version.
CREATE TABLE outbox (
    seq         INTEGER PRIMARY KEY AUTOINCREMENT,
    target      TEXT NOT NULL,
    index_name  TEXT NOT NULL,
    doc_id      TEXT NOT NULL,
    version     INTEGER NOT NULL,
    body        TEXT,
    attempts    INTEGER NOT NULL DEFAULT 0,
    next_try_at INTEGER NOT NULL DEFAULT 0,
    UNIQUE (target, index_name, doc_id)
);

CREATE INDEX outbox_order ON outbox (target, seq);

-- What could not be processed. `about` names the thing: a post's id, else a hash of its payload; the same thing that
-- fails again at the same step is one letter, with one more try. `replay_at` is set while a new try is asked for.
CREATE TABLE dead_letters (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    at        INTEGER NOT NULL,
    source    TEXT NOT NULL,
    step      TEXT NOT NULL,
    error     TEXT NOT NULL,
    payload   TEXT NOT NULL,
    about     TEXT NOT NULL,
    tries     INTEGER NOT NULL DEFAULT 1,
    replay_at INTEGER,
    UNIQUE (source, step, about)
);

-- Post ids and author pseudonyms that were erased and must not come back.
CREATE TABLE opposition (
    key TEXT PRIMARY KEY,
    at  INTEGER NOT NULL
) WITHOUT ROWID;

-- What a job remembers between two of its turns.
CREATE TABLE states (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
