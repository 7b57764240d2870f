-- From alert to outcome.  Nothing here is ever deleted before retention; rows move or are held.
CREATE TABLE notice (
    id        TEXT PRIMARY KEY,             -- hash of its key, and of the condition's episode
    key       TEXT NOT NULL,
    source    TEXT NOT NULL,
    severity  INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    subject   TEXT NOT NULL,
    text      TEXT NOT NULL
) STRICT;

CREATE TABLE condition (
    key       TEXT PRIMARY KEY,
    source    TEXT NOT NULL,
    severity  INTEGER NOT NULL,
    episode   INTEGER NOT NULL,
    since     INTEGER NOT NULL,
    until     INTEGER,                      -- NULL: it stands
    subject   TEXT NOT NULL,
    text      TEXT NOT NULL
) STRICT;

CREATE TABLE message (
    id           TEXT PRIMARY KEY,          -- hash of channel and alerts
    channel      TEXT NOT NULL,
    group_key    TEXT NOT NULL,
    watch        TEXT NOT NULL,             -- of its first alert
    story        INTEGER,
    severity     INTEGER NOT NULL,
    alerts       INTEGER NOT NULL,
    digest       INTEGER NOT NULL,
    made_at      INTEGER NOT NULL,
    render_at    INTEGER NOT NULL,
    rendering    INTEGER NOT NULL,
    rendered_at  INTEGER,
    tries        INTEGER NOT NULL,
    error        TEXT NOT NULL,
    subject      TEXT NOT NULL,
    text         TEXT NOT NULL,
    html         TEXT NOT NULL,
    json         TEXT NOT NULL
) STRICT;
CREATE INDEX message_render ON message (render_at) WHERE rendered_at IS NULL;
CREATE INDEX message_story ON message (story, channel) WHERE story IS NOT NULL;
CREATE INDEX message_made ON message (channel, made_at);

CREATE TABLE outbox (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    alert      TEXT REFERENCES alert (id),
    notice     TEXT REFERENCES notice (id),
    channel    TEXT NOT NULL,
    group_key  TEXT NOT NULL,
    severity   INTEGER NOT NULL,
    since      INTEGER NOT NULL,
    due_at     INTEGER NOT NULL,
    digest     INTEGER NOT NULL,
    reason     TEXT NOT NULL,               -- why due_at was moved
    message    TEXT REFERENCES message,
    UNIQUE (alert, channel),
    UNIQUE (notice, channel)
) STRICT;
CREATE INDEX outbox_due ON outbox (due_at) WHERE message IS NULL;
CREATE INDEX outbox_group ON outbox (channel, group_key) WHERE message IS NULL;
CREATE INDEX outbox_message ON outbox (message) WHERE message IS NOT NULL;

CREATE TABLE delivery (
    seq          INTEGER PRIMARY KEY AUTOINCREMENT,
    id           TEXT NOT NULL UNIQUE,      -- hash of message and recipient: Message-ID, webhook-id
    message      TEXT NOT NULL REFERENCES message,
    channel      TEXT NOT NULL,
    recipient    TEXT NOT NULL,
    thread       TEXT NOT NULL,             -- delivery that began the story for this recipient
    state        TEXT NOT NULL,             -- pending, sending, deferred, delivered, failed, held
    attempts     INTEGER NOT NULL,
    made_at      INTEGER NOT NULL,
    next_at      INTEGER NOT NULL,
    done_at      INTEGER,
    last_code    INTEGER NOT NULL,
    last_answer  TEXT NOT NULL
) STRICT;
CREATE INDEX delivery_due ON delivery (channel, next_at) WHERE state IN ('pending', 'sending', 'deferred');
CREATE INDEX delivery_next ON delivery (next_at) WHERE state IN ('pending', 'sending', 'deferred');
CREATE INDEX delivery_state ON delivery (state, seq) WHERE state <> 'delivered';
CREATE INDEX delivery_message ON delivery (message);
