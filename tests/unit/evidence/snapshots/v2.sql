BEGIN TRANSACTION;
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
INSERT INTO "bucket" VALUES(5957424,1,2,1,2,1,0,60000,120000,200,'timeout/wait:1','-34,1');
CREATE TABLE chunk (
    number INTEGER NOT NULL,
    target INTEGER NOT NULL,
    detail BLOB NOT NULL,
    PRIMARY KEY (number, target)
) STRICT, WITHOUT ROWID;
INSERT INTO "chunk" VALUES(124112,1,X'789C8B8E36B534353736378BD5893644C30648D8D000442A29C1A563B9EEFD0700F0451129');
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
INSERT INTO "release" VALUES(1,'widget','stable','1.4.2',1787227200000,1787227200000,'{"version":"1.4.2","channel":"stable","published_at":"2026-08-20T12:00:00Z","artifacts":[],"tag":"v1.4.2"}','[{"endpoint":"cdn","region":"eu-west-1"}]');
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
INSERT INTO "rollup" VALUES(20684,1,10,9,10,9,1,2700000,3000000,1000,'timeout/wait:1','-34,9');
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
INSERT INTO "segment" VALUES(1,'widget','stable','1.4.2','cdn','cdn','eu-west-1','archive','xs','none');
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
INSERT INTO "sighting" VALUES('widget','stable','1.4.2','asset','w.tgz','cdn','eu-west-1','',1787227215000,1787227200000);
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
INSERT INTO "standing" VALUES(1,1,1787227200000,1787227320000,NULL,'head',1787227200000,1787227200000,1787227200000);
CREATE TABLE target (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    segment INTEGER NOT NULL,
    artifact TEXT NOT NULL,
    platform TEXT NOT NULL,
    address TEXT NOT NULL
) STRICT;
INSERT INTO "target" VALUES(1,'widget/stable/1.4.2/w.tgz@cdn/eu-west-1',1,'w.tgz','linux/amd64','');
CREATE INDEX target_by_segment ON target (segment);
CREATE INDEX release_by_time ON release (product, channel, published_at);
COMMIT;
PRAGMA user_version = 2;
