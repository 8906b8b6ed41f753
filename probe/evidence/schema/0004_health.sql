-- How the targets of a pair stand, as text of its own form.
CREATE TABLE health (
    product TEXT NOT NULL,
    channel TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    region TEXT NOT NULL,
    at INTEGER NOT NULL,
    health TEXT NOT NULL,
    PRIMARY KEY (product, channel, endpoint, region)
) STRICT, WITHOUT ROWID;
