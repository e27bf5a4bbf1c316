-- The journal, version 2: what is spent, what was not heard, and how much each source gives at which hour.

-- What each key has spent on each day of its platform, in the things of `budget.Cost`.
CREATE TABLE spending (
    purse     TEXT NOT NULL,
    day       TEXT NOT NULL,
    calls     INTEGER NOT NULL DEFAULT 0,
    searches  INTEGER NOT NULL DEFAULT 0,
    posts     INTEGER NOT NULL DEFAULT 0,
    own_posts INTEGER NOT NULL DEFAULT 0,
    authors   INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (purse, day)
) WITHOUT ROWID;

-- The gap ledger. `until` is NULL while the gap lasts; `posts` is about how many, NULL where nobody knows.
CREATE TABLE gaps (
    source   TEXT NOT NULL,
    platform TEXT NOT NULL,
    cause    TEXT NOT NULL,
    since    INTEGER NOT NULL,
    until    INTEGER,
    fate     TEXT NOT NULL,
    posts    INTEGER,
    PRIMARY KEY (source, cause, since)
) WITHOUT ROWID;

-- How many new posts each source gave in each hour that it was read in. `hour` is its start.
CREATE TABLE hours (
    source TEXT NOT NULL,
    hour   INTEGER NOT NULL,
    posts  INTEGER NOT NULL,
    PRIMARY KEY (source, hour)
) WITHOUT ROWID;
