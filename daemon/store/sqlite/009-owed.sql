-- What is still to be told: a first contact's mail, and what was so some times in a row, but not often enough yet.
ALTER TABLE source ADD COLUMN owes_report INTEGER NOT NULL DEFAULT 0;
CREATE INDEX source_owes ON source (id) WHERE owes_report = 1;
ALTER TABLE condition ADD COLUMN last_at INTEGER; -- when it was seen to be so again; NULL: not since it was raised
CREATE TABLE streak (
    key  TEXT PRIMARY KEY,                  -- as of the condition that it may become
    n    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
