-- Lists that are taken into the directory: read, mended in place, taken in as a whole, undone within a day.
CREATE TABLE list (
    id              TEXT PRIMARY KEY,
    province        TEXT NOT NULL,
    kind            TEXT NOT NULL CHECK (kind IN ('organizations', 'services')),
    name            TEXT NOT NULL,       -- of the file; empty where it was pasted
    division        TEXT NOT NULL REFERENCES division (code),     -- where whoever brought it works
    organization_id TEXT REFERENCES organization (id),            -- whose list it is, if a provider brought it
    sheets          TEXT NOT NULL,       -- JSON: the cells as they are now, with what was decided; empty once it is dropped
    state           TEXT NOT NULL CHECK (state IN ('open', 'taken', 'undone', 'dropped')),
    by_account      TEXT NOT NULL REFERENCES account (id),
    at              TEXT NOT NULL,
    taken_at        TEXT,
    version         BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX list_by ON list (by_account, at);
CREATE INDEX list_division ON list (division, at);

-- What became of a list: the entries it made.
CREATE TABLE list_entry (
    list_id      TEXT NOT NULL REFERENCES list (id),
    subject_type TEXT NOT NULL,          -- organization, service
    subject      TEXT NOT NULL,
    PRIMARY KEY (list_id, subject)
);

CREATE INDEX organization_code ON organization (code_uscc) WHERE code_uscc IS NOT NULL;
