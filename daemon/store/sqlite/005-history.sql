-- What happened and who said what.  Events are only ever added.
CREATE TABLE event (
    seq   INTEGER PRIMARY KEY AUTOINCREMENT,
    at    INTEGER NOT NULL,
    kind  TEXT NOT NULL,
    ref   TEXT NOT NULL,                    -- alert, delivery, notice or source it speaks of; 'article:N'
    text  TEXT NOT NULL
) STRICT;
CREATE INDEX event_ref ON event (ref);

CREATE TABLE silence (
    id       INTEGER PRIMARY KEY,
    watch    TEXT NOT NULL,                 -- '' = any, as the next two
    source   TEXT NOT NULL,
    channel  TEXT NOT NULL,
    from_at  INTEGER NOT NULL,
    until    INTEGER NOT NULL,
    who      TEXT NOT NULL,
    reason   TEXT NOT NULL
) STRICT;
