-- Its name before the present one, for what was read under it and is still on its way; '' if it had none.
ALTER TABLE source ADD COLUMN was TEXT NOT NULL DEFAULT '';
