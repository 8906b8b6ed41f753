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
CREATE INDEX incident_by_time ON incident (product, channel, onset_at);
CREATE INDEX incident_by_fingerprint ON incident (fingerprint) WHERE fingerprint <> '';

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
CREATE INDEX event_by_time ON event (product, channel, at);

CREATE TABLE review (
    product TEXT NOT NULL,
    channel TEXT NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    basis TEXT NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (product, channel, at)
) STRICT;
