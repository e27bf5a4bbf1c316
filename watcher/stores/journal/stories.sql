-- Version 4 of the journal: how the posts of the last days are known among their copies. Nothing here can be read back.

-- `story` is one name for all copies of a text, `told_at` when this one was told; `signature` is JSON of digests.
CREATE TABLE signatures (
    id           INTEGER PRIMARY KEY,
    post         TEXT NOT NULL UNIQUE,
    story        TEXT NOT NULL,
    is_first     INTEGER NOT NULL,
    told_at      INTEGER NOT NULL,
    collected_at INTEGER NOT NULL,
    signature    TEXT NOT NULL
);

CREATE INDEX signatures_story ON signatures (story, told_at);
CREATE INDEX signatures_collected ON signatures (collected_at);

-- The smallest digests of each signature, by which those that may be alike are found.
CREATE TABLE bands (
    digest    INTEGER NOT NULL,
    signature INTEGER NOT NULL REFERENCES signatures (id) ON DELETE CASCADE,
    PRIMARY KEY (digest, signature)
) WITHOUT ROWID;

CREATE INDEX bands_signature ON bands (signature);
