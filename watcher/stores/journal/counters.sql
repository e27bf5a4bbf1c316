-- Version 10 of the journal: the likes, comments and shares of posts that were read again, and whether their documents
-- were not compared with them yet.

CREATE TABLE counters (
    post       TEXT PRIMARY KEY,
    metrics    TEXT NOT NULL,
    at         INTEGER NOT NULL,
    is_waiting INTEGER NOT NULL DEFAULT 1
) WITHOUT ROWID;

CREATE INDEX counters_waiting ON counters (at) WHERE is_waiting;
