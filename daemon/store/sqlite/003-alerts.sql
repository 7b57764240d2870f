-- What fired, and what only a negative clause silenced.
CREATE TABLE watch_version (
    id         INTEGER PRIMARY KEY,
    watch      TEXT NOT NULL,
    hash       INTEGER NOT NULL,
    text       TEXT NOT NULL,
    live_from  INTEGER NOT NULL,
    live_to    INTEGER,                     -- NULL: live
    who        TEXT NOT NULL,
    why        TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX watch_version_live ON watch_version (watch) WHERE live_to IS NULL;
CREATE INDEX watch_version_watch ON watch_version (watch, live_from);

CREATE TABLE alert (
    seq            INTEGER PRIMARY KEY AUTOINCREMENT,
    id             TEXT NOT NULL UNIQUE,    -- hash of watch, source, policy key, revision number
    watch          TEXT NOT NULL,
    watch_version  INTEGER REFERENCES watch_version,
    source         INTEGER NOT NULL REFERENCES source,
    article        INTEGER NOT NULL REFERENCES article,
    revision       INTEGER NOT NULL REFERENCES revision,
    severity       INTEGER NOT NULL,
    score          INTEGER,
    provisional    INTEGER NOT NULL,        -- raised on the summary, the page being still to come
    engine         INTEGER NOT NULL,        -- version of analysis and evaluation
    at             INTEGER NOT NULL,
    state          TEXT NOT NULL,           -- live, muted
    reason         TEXT NOT NULL,           -- why muted
    acked_at       INTEGER,
    acked_by       TEXT NOT NULL,
    evidence       BLOB NOT NULL            -- message Alert: hits, blocked, clauses
) STRICT;
CREATE INDEX alert_article ON alert (article, watch);
CREATE INDEX alert_watch ON alert (watch, seq);
CREATE INDEX alert_unacked ON alert (at) WHERE acked_at IS NULL AND state = 'live';

-- What a watch has quoted of an article: it alerts again only on more.
CREATE TABLE alert_quote (
    article  INTEGER NOT NULL REFERENCES article,
    quote    INTEGER NOT NULL,              -- hash of watch, interval and sentence
    PRIMARY KEY (article, quote)
) STRICT, WITHOUT ROWID;

CREATE TABLE near_miss (
    seq            INTEGER PRIMARY KEY AUTOINCREMENT,
    id             TEXT NOT NULL UNIQUE,
    watch          TEXT NOT NULL,
    watch_version  INTEGER REFERENCES watch_version,
    source         INTEGER NOT NULL REFERENCES source,
    article        INTEGER NOT NULL REFERENCES article,
    revision       INTEGER NOT NULL REFERENCES revision,
    severity       INTEGER NOT NULL,
    score          INTEGER,
    engine         INTEGER NOT NULL,
    at             INTEGER NOT NULL,
    evidence       BLOB NOT NULL
) STRICT;
CREATE INDEX near_miss_article ON near_miss (article, watch);

CREATE TABLE review (
    alert    TEXT NOT NULL REFERENCES alert (id),
    at       INTEGER NOT NULL,
    who      TEXT NOT NULL,
    verdict  TEXT NOT NULL,
    reason   TEXT NOT NULL,
    PRIMARY KEY (alert, at, who)
) STRICT, WITHOUT ROWID;
