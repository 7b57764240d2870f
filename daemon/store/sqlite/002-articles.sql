-- What was read.  Articles and keys are never deleted: an item that slides back into a list is old.
CREATE TABLE document (
    id            INTEGER PRIMARY KEY,
    sha256        BLOB NOT NULL,
    url           TEXT NOT NULL,
    source        INTEGER NOT NULL REFERENCES source,
    fetched_at    INTEGER NOT NULL,
    content_type  TEXT NOT NULL,
    parser        TEXT NOT NULL,
    headers       TEXT NOT NULL,
    zbody         BLOB,                     -- zlib, where an alert or near miss cites it
    UNIQUE (sha256, url)
) STRICT;

CREATE TABLE article (
    id           INTEGER PRIMARY KEY,
    source       INTEGER NOT NULL REFERENCES source,
    policy_key   BLOB NOT NULL,             -- as in article_key; alerts are named by it
    url          TEXT NOT NULL,
    guid         TEXT NOT NULL,
    lang         TEXT NOT NULL,
    number       TEXT NOT NULL,             -- announcement number
    first_seen   INTEGER NOT NULL,
    published    INTEGER,
    precision    INTEGER NOT NULL,
    origin       INTEGER NOT NULL,
    state        TEXT NOT NULL,             -- pending (its page is to be read), final, summary (it never came), vanished
    baseline     INTEGER NOT NULL,          -- of a first contact
    mute_before  INTEGER NOT NULL,          -- its first text alerts only if published after; 0 = no bound
    churned      INTEGER NOT NULL,
    story        INTEGER,                   -- the article that began it; NULL = itself
    text_from    INTEGER,                   -- target whose text is current; NULL = the article's page
    n            INTEGER NOT NULL,          -- number of the current revision; 0 = title and summary as listed
    listed_hash  INTEGER NOT NULL,          -- of what the listing says, once the page has been read
    matched      INTEGER NOT NULL,          -- number of the revision the rules last saw; -1 = none
    match_at     INTEGER,                   -- due for the rules
    matching     INTEGER NOT NULL           -- leased
) STRICT;
CREATE INDEX article_match ON article (match_at) WHERE match_at IS NOT NULL;
CREATE INDEX article_number ON article (number) WHERE number <> '';

CREATE TABLE article_key (
    source   INTEGER NOT NULL REFERENCES source,
    kind     INTEGER NOT NULL,              -- rule, guid, url, title and day, guid and url; title (NULL: several)
    hash     BLOB NOT NULL,
    article  INTEGER REFERENCES article,
    PRIMARY KEY (source, kind, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE revision (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    article       INTEGER NOT NULL REFERENCES article,
    n             INTEGER NOT NULL,
    seen_at       INTEGER NOT NULL,
    content_hash  INTEGER NOT NULL,
    simhash       INTEGER NOT NULL,
    document      INTEGER REFERENCES document,
    title         TEXT NOT NULL,
    author        TEXT NOT NULL,
    categories    TEXT NOT NULL,            -- one a line
    enclosures    TEXT NOT NULL,            -- one a line: length, type, url, by tabs
    summary       TEXT NOT NULL,
    body          TEXT NOT NULL,
    UNIQUE (article, n)
) STRICT;
CREATE INDEX revision_document ON revision (document);

CREATE TABLE tag (
    revision  INTEGER NOT NULL REFERENCES revision,
    kind      TEXT NOT NULL,
    name      TEXT NOT NULL,
    class     TEXT NOT NULL,
    score     INTEGER,
    evidence  BLOB NOT NULL,                -- message Tag: hits and clauses
    PRIMARY KEY (revision, kind, name)
) STRICT, WITHOUT ROWID;

-- Fingerprints of articles with alerts, in four parts of 16 bits.
CREATE TABLE story_band (
    band     INTEGER NOT NULL,
    article  INTEGER NOT NULL REFERENCES article,
    at       INTEGER NOT NULL,
    PRIMARY KEY (band, article)
) STRICT, WITHOUT ROWID;
