-- Version 11 of the journal: which lines of the team's examples came from which post, by their digest. A line whose post
-- is gone (`is_orphan`) waits here until it is taken out of the team's file.

CREATE TABLE examples (
    post      TEXT NOT NULL,
    digest    TEXT NOT NULL,
    is_orphan INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (post, digest)
) STRICT, WITHOUT ROWID;
