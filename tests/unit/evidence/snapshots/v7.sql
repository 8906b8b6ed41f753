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
CREATE TABLE chunk_rollup_since (number INTEGER NOT NULL) STRICT;
INSERT INTO "chunk_rollup_since" VALUES(124113);
CREATE TABLE event (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    product TEXT NOT NULL,
    channel TEXT NOT NULL,
    version TEXT NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT;
INSERT INTO "event" VALUES('e-1','approval','widget','stable','1.4.2',1787227200000,'ci','run 7');
CREATE TABLE health (
    product TEXT NOT NULL,
    channel TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    region TEXT NOT NULL,
    at INTEGER NOT NULL,
    health TEXT NOT NULL,
    PRIMARY KEY (product, channel, endpoint, region)
) STRICT, WITHOUT ROWID;
INSERT INTO "health" VALUES('widget','stable','cdn','eu-west-1',1787227200000,'{}');
CREATE TABLE incident (
    id TEXT PRIMARY KEY,
    product TEXT NOT NULL,
    channel TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    region TEXT NOT NULL,
    onset_at INTEGER NOT NULL,
    detected_at INTEGER NOT NULL,
    detected_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    incident_class TEXT NOT NULL,
    version TEXT NOT NULL,
    first_failure_at INTEGER,
    last_success_at INTEGER,
    served_at INTEGER,
    restored_at INTEGER,
    restored_by TEXT,
    impact_minutes REAL NOT NULL,
    impact_share REAL,
    recurs TEXT NOT NULL,
    joined TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    cause TEXT NOT NULL,
    report TEXT NOT NULL,
    metric_matched TEXT NOT NULL
) STRICT;
INSERT INTO "incident" VALUES('old','widget','stable','cdn','eu-west-1',1787227200000,1787230800000,'probe','timeout','timeout/cdn','',NULL,NULL,NULL,1787227800000,NULL,0.0,NULL,'','','','','','');
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
CREATE TABLE naming (
    product TEXT NOT NULL,
    channel TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    region TEXT NOT NULL,
    version TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (product, channel, endpoint, region)
) STRICT, WITHOUT ROWID;
INSERT INTO "naming" VALUES('widget','stable','cdn','eu-west-1','1.4.2',1787227200000);
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
    required TEXT NOT NULL, first_listed_at INTEGER NOT NULL DEFAULT 0, elsewhere TEXT NOT NULL DEFAULT '[]', files TEXT NOT NULL DEFAULT '[]',
    UNIQUE (product, channel, version)
) STRICT;
INSERT INTO "release" VALUES(1,'widget','stable','1.4.2',1787227200000,1787227200000,'{"version":"1.4.2","channel":"stable","published_at":"2026-08-20T12:00:00Z","artifacts":[],"tag":"v1.4.2"}','[{"endpoint":"cdn","region":"eu-west-1"}]',1787227200000,'[]','[]');
CREATE TABLE review (
    product TEXT NOT NULL,
    channel TEXT NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    basis TEXT NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (product, channel, at)
) STRICT;
INSERT INTO "review" VALUES('widget','stable',1787227200000,'ada','{}','fine');
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
    bins BLOB,
    PRIMARY KEY (day, segment)
) STRICT, WITHOUT ROWID;
INSERT INTO "rollup" VALUES(20684,1,10,9,10,9,1,2700000,3000000,1000,'timeout/wait:1',X'90020900000000');
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
CREATE TABLE verification (
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    product TEXT NOT NULL,
    channel TEXT NOT NULL,
    version TEXT NOT NULL,
    artifact TEXT NOT NULL,
    outcome TEXT NOT NULL,
    detail TEXT NOT NULL,
    since INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (kind, subject, product, channel, version, artifact)
) STRICT, WITHOUT ROWID;
CREATE INDEX target_by_segment ON target (segment);
CREATE INDEX release_by_time ON release (product, channel, published_at);
CREATE INDEX incident_by_time ON incident (product, channel, onset_at);
CREATE INDEX incident_by_fingerprint ON incident (fingerprint) WHERE fingerprint <> '';
CREATE INDEX event_by_time ON event (product, channel, at);
COMMIT;
PRAGMA user_version = 7;
