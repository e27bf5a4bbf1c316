-- Version 8 of the journal: who sees to an alert, what is said of which documents, and the reactions read of each thread.

-- What each person does with an alert. `until` is the end of a snooze, NULL for the rest.
CREATE TABLE handlings (
    alert  TEXT NOT NULL,
    person TEXT NOT NULL,
    deed   TEXT NOT NULL,
    at     INTEGER NOT NULL,
    until  INTEGER,
    PRIMARY KEY (alert, person, deed)
) STRICT, WITHOUT ROWID;

-- The documents of trends and alerts as they were last written, without what people say: with each `change` of that they
-- are written again. `is_untold` while the message about it does not say it yet.
CREATE TABLE subjects (
    id        TEXT NOT NULL,
    family    TEXT NOT NULL,
    version   INTEGER NOT NULL,
    body      TEXT NOT NULL,
    changes   INTEGER NOT NULL DEFAULT 0,
    is_untold INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (id, family)
) STRICT, WITHOUT ROWID;

-- The reactions that the last reading of a thread's first message found, as JSON: pairs of a person and a mark.
CREATE TABLE reactions (
    event   TEXT PRIMARY KEY,
    marks   TEXT NOT NULL,
    read_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
