CREATE TABLE release (
    id INTEGER PRIMARY KEY,
    product TEXT NOT NULL,
    channel TEXT NOT NULL,
    version TEXT NOT NULL,
    published_at INTEGER NOT NULL,
    listed_at INTEGER NOT NULL,
    -- The release as the catalog lists it, in JSON.
    document TEXT NOT NULL,
    -- Pairs in JSON, written once.
    required TEXT NOT NULL,
    UNIQUE (product, channel, version)
) STRICT;
CREATE INDEX release_by_time ON release (product, channel, published_at);

CREATE TABLE sighting (
    product TEXT NOT NULL,
    channel TEXT NOT NULL,
    version TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    region TEXT NOT NULL,
    address TEXT NOT NULL,
    first_at INTEGER,
    last_miss_at INTEGER,
    PRIMARY KEY (product, channel, version, kind, name, endpoint, region, address)
) STRICT, WITHOUT ROWID;

CREATE TABLE index_digest (
    product TEXT NOT NULL,
    channel TEXT NOT NULL,
    name TEXT NOT NULL,
    digest TEXT NOT NULL,
    version TEXT NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    PRIMARY KEY (product, channel, name, digest)
) STRICT, WITHOUT ROWID;
