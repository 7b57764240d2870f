-- The fingerprint beside its bands, so that an article of a band is looked at only where the texts are near.
ALTER TABLE story_band ADD COLUMN simhash INTEGER NOT NULL DEFAULT 0;
UPDATE story_band SET simhash = coalesce((SELECT r.simhash FROM article a JOIN revision r ON r.article = a.id AND r.n = a.n
    WHERE a.id = story_band.article), 0);
