-- Releases of before are taken to have been watched, by all regions, with all their files.
ALTER TABLE release ADD COLUMN first_listed_at INTEGER NOT NULL DEFAULT 0;
UPDATE release SET first_listed_at = published_at;
ALTER TABLE release ADD COLUMN elsewhere TEXT NOT NULL DEFAULT '[]';
ALTER TABLE release ADD COLUMN files TEXT NOT NULL DEFAULT '[]';
