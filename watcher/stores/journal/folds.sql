-- The journal, version 3.

-- What a job that folds stands on, packed: see `folds.py`.
CREATE TABLE folds (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
);

-- The fold of earlier versions was text, in no form that is still read.
DELETE FROM states WHERE name = 'watch_fold';
