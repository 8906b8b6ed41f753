-- Which release the marker of a pair names; an empty version is none.
CREATE TABLE naming (
    product TEXT NOT NULL,
    channel TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    region TEXT NOT NULL,
    version TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (product, channel, endpoint, region)
) STRICT, WITHOUT ROWID;
