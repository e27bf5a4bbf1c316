-- Version 7 of the journal: what people say of alerts, the last word of each on each.

CREATE TABLE judgements (
    alert TEXT NOT NULL,
    person TEXT NOT NULL,
    verdict TEXT NOT NULL,
    rule TEXT NOT NULL,
    alerted_at INTEGER NOT NULL,
    said_at INTEGER NOT NULL,
    PRIMARY KEY (alert, person)
) STRICT, WITHOUT ROWID;
