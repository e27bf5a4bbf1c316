-- Version 6 of the journal: which posts were first of their story until one that was told before them was collected.

ALTER TABLE signatures ADD COLUMN is_overtaken INTEGER NOT NULL DEFAULT 0;

CREATE INDEX signatures_overtaken ON signatures (id) WHERE is_overtaken;
