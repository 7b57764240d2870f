-- When a message's alerts go to a further channel, unless somebody has acknowledged them by then; NULL: never, or done.
ALTER TABLE message ADD COLUMN escalate_at INTEGER;
CREATE INDEX message_escalate ON message (escalate_at) WHERE escalate_at IS NOT NULL;
