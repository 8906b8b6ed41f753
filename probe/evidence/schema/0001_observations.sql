-- Milliseconds are of the epoch, or durations where the name says so (up_ms, known_ms).
-- Buckets are numbered from the epoch, 300 s each; chunks are 48 buckets; days are 288.
CREATE TABLE segment (
    id INTEGER PRIMARY KEY,
    product TEXT NOT NULL,
    channel TEXT NOT NULL,
    version TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    endpoint_kind TEXT NOT NULL,
    region TEXT NOT NULL,
    asset_class TEXT NOT NULL,
    size_tier TEXT NOT NULL,
    auth_mode TEXT NOT NULL,
    UNIQUE (product, channel, version, endpoint, endpoint_kind, region, asset_class, size_tier, auth_mode)
) STRICT;

CREATE TABLE target (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    segment INTEGER NOT NULL,
    artifact TEXT NOT NULL,
    platform TEXT NOT NULL,
    address TEXT NOT NULL
) STRICT;
CREATE INDEX target_by_segment ON target (segment);

CREATE TABLE standing (
    target INTEGER PRIMARY KEY,
    up INTEGER,
    settled_ms INTEGER NOT NULL,
    until_ms INTEGER NOT NULL,
    reason TEXT,
    depth TEXT NOT NULL,
    attempt_ms INTEGER NOT NULL,
    verified_ms INTEGER,
    full_ms INTEGER
) STRICT;

-- What is counted of late, one row for each bucket of each target.
CREATE TABLE bucket (
    number INTEGER NOT NULL,
    target INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    verified INTEGER NOT NULL,
    full_attempts INTEGER NOT NULL,
    full_verified INTEGER NOT NULL,
    inconclusive INTEGER NOT NULL,
    up_ms INTEGER NOT NULL,
    known_ms INTEGER NOT NULL,
    bytes_received INTEGER NOT NULL,
    faults TEXT,
    durations TEXT,
    PRIMARY KEY (number, target)
) STRICT, WITHOUT ROWID;

-- The same buckets, packed: four hours of one target in a row.
CREATE TABLE chunk (
    number INTEGER NOT NULL,
    target INTEGER NOT NULL,
    detail BLOB NOT NULL,
    PRIMARY KEY (number, target)
) STRICT, WITHOUT ROWID;

-- The sums of the packed buckets over a day and a segment.
CREATE TABLE rollup (
    day INTEGER NOT NULL,
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
    durations TEXT,
    PRIMARY KEY (day, segment)
) STRICT, WITHOUT ROWID;
