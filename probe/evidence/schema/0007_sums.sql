-- Durations of sums as bytes that add up (probe/evidence/bins.py), where they were text.
ALTER TABLE rollup ADD COLUMN bins BLOB;
UPDATE rollup SET bins = bins_of(durations);
ALTER TABLE rollup DROP COLUMN durations;

-- The sums of packed buckets over a chunk and a segment, of the last days: to add up a day exactly
-- only the chunk that its beginning cuts has to be unpacked.
CREATE TABLE chunk_rollup (
    number INTEGER NOT NULL,
    segment INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    verified INTEGER NOT NULL,
    full_attempts INTEGER NOT NULL,
    full_verified INTEGER NOT NULL,
    inconclusive INTEGER NOT NULL,
    up_ms INTEGER NOT NULL,
    known_ms INTEGER NOT NULL,
    bytes_received INTEGER NOT NULL,
    faults TEXT,
    bins BLOB,
    PRIMARY KEY (number, segment)
) STRICT, WITHOUT ROWID;

-- The first chunk from which on they are whole: of what was packed before them there are none.
CREATE TABLE chunk_rollup_since (number INTEGER NOT NULL) STRICT;
INSERT INTO chunk_rollup_since SELECT coalesce(max(number) + 1, 0) FROM chunk;
