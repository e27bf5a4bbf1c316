-- Version 9 of the journal: what a person says that a post is about, the last word on each. `topics` is a JSON list.

CREATE TABLE corrections (
    post   TEXT PRIMARY KEY,
    topics TEXT NOT NULL,
    person TEXT NOT NULL,
    at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
