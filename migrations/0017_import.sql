-- What a source said of an entry when it was last read, field by field: the same file twice changes nothing, and a newer one is
-- compared with what it said before and not with what people here have mended since.
CREATE TABLE import_entry (
    source TEXT NOT NULL,            -- name of the source
    id     TEXT NOT NULL,            -- organization or service
    body   TEXT NOT NULL,            -- JSON: a text for each field
    at     TEXT NOT NULL,
    PRIMARY KEY (source, id)
);
CREATE INDEX quarantine_source ON quarantine (source) WHERE settled_at IS NULL;
