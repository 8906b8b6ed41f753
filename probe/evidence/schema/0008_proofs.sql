-- When an attempt last came to a verdict. Of before, what was read in full is known to have.
ALTER TABLE standing ADD COLUMN heard_ms INTEGER;
UPDATE standing SET heard_ms = nullif(max(coalesce(verified_ms, 0), coalesce(full_ms, 0)), 0);

-- The digest that bytes were last held against, and whether they had it. Of before, what was ever
-- right is taken to have what the catalog names.
ALTER TABLE sighting ADD COLUMN digest TEXT;
ALTER TABLE sighting ADD COLUMN matched INTEGER;
UPDATE sighting SET digest = (
    SELECT json_extract(file.value, '$.digests[0].algorithm') || ':'
        || json_extract(file.value, '$.digests[0].hex')
    FROM release, json_each(iif(json_valid(document), document, '{}'), '$.artifacts') AS file
    WHERE release.product = sighting.product AND release.channel = sighting.channel
        AND release.version = sighting.version
        AND json_extract(file.value, '$.name') = sighting.name)
    WHERE kind = 'asset' AND first_at IS NOT NULL;
UPDATE sighting SET matched = 1 WHERE digest IS NOT NULL;
