-- The journal, version 5: what is to be said to the team, and where what was said stands.

-- What waits. `role` is parent (opens a thread), update (of the parent) or reply; `state` is waiting or sending: one that
-- is found sending at a start may have arrived.
CREATE TABLE messages (
    seq         INTEGER PRIMARY KEY AUTOINCREMENT,
    event       TEXT NOT NULL,
    role        TEXT NOT NULL,
    channel     TEXT NOT NULL,
    body        TEXT NOT NULL,
    state       TEXT NOT NULL DEFAULT 'waiting',
    attempts    INTEGER NOT NULL DEFAULT 0,
    next_try_at INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX messages_update ON messages (event) WHERE role = 'update' AND state = 'waiting';

-- The thread of each event: `ts` is the parent's, as the service names it, NULL where it names none.
CREATE TABLE threads (
    event     TEXT PRIMARY KEY,
    channel   TEXT NOT NULL,
    ts        TEXT,
    opened_at INTEGER NOT NULL
) WITHOUT ROWID;
