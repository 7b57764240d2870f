-- What is polled.  All instants are milliseconds since 1970, UTC; 253402300799000 is "never".
CREATE TABLE meta (
    key    TEXT PRIMARY KEY,
    value  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE source (
    id           INTEGER PRIMARY KEY,
    name         TEXT NOT NULL UNIQUE,
    title        TEXT NOT NULL,
    options      BLOB NOT NULL,             -- packed by the program
    enabled      INTEGER NOT NULL,
    every        INTEGER NOT NULL,
    identity     INTEGER NOT NULL,          -- which key is the policy key; 0 = not yet decided, then never changed
    first_read   INTEGER,
    last_read    INTEGER,
    last_new     INTEGER,
    rhythm       INTEGER NOT NULL,          -- usual gap between documents with new items, 0 = not known
    articles     INTEGER NOT NULL,
    charset      TEXT NOT NULL,
    last_number  TEXT NOT NULL
) STRICT;

-- Anything due at a time.  Claiming moves due_at to the lease's end, so that leased rows never stand first.
CREATE TABLE target (
    id             INTEGER PRIMARY KEY,
    source         INTEGER NOT NULL REFERENCES source,
    kind           INTEGER NOT NULL,        -- listing, followed listing, page, second look
    role           INTEGER NOT NULL,
    url            TEXT NOT NULL,
    enabled        INTEGER NOT NULL,
    due_at         INTEGER NOT NULL,
    leased         INTEGER NOT NULL,
    failures       INTEGER NOT NULL,        -- in a row
    failing_since  INTEGER,
    article        INTEGER,                 -- whose page it is
    baseline       INTEGER NOT NULL,        -- found by a first contact
    depth          INTEGER NOT NULL,        -- listings named by listings
    step           INTEGER NOT NULL,        -- of second looks
    polls          INTEGER NOT NULL,
    unchanged      INTEGER NOT NULL,
    conditional    INTEGER NOT NULL,        -- polls since the last unconditional one
    last_poll      INTEGER,
    last_ok        INTEGER,
    last_change    INTEGER,
    first_read     INTEGER,                 -- of a complete document
    items_last     INTEGER NOT NULL,
    items_usual    INTEGER NOT NULL,        -- moving average times 16
    moved_n        INTEGER NOT NULL,
    last_status    INTEGER NOT NULL,
    last_error     TEXT NOT NULL,
    etag           TEXT NOT NULL,
    last_modified  TEXT NOT NULL,
    body_hash      BLOB,
    adopted_url    TEXT NOT NULL,           -- after a permanent redirect, else ''
    moved_url      TEXT NOT NULL,
    UNIQUE (source, url)
) STRICT;
CREATE INDEX target_due ON target (due_at);
CREATE INDEX target_article ON target (article) WHERE article IS NOT NULL;

-- Apart from the target's row, so that a poll of an unchanged document never touches it.
CREATE TABLE target_seen (
    target  INTEGER PRIMARY KEY REFERENCES target ON DELETE CASCADE,
    seen    BLOB NOT NULL
) STRICT;
