-- After a restore: what may have been delivered since the backup was made, and is therefore held.
ALTER TABLE outbox ADD COLUMN held INTEGER NOT NULL DEFAULT 0;
ALTER TABLE article ADD COLUMN held_n INTEGER NOT NULL DEFAULT 0; -- its revisions up to this one; 0: none
UPDATE outbox SET held = 1 WHERE message IS NULL
    AND id <= coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'held_outbox'), 0);
DELETE FROM meta WHERE key = 'held_outbox';
