-- A list may be one by which an organization registers, with the name of who spoke for it where a station brought it; and one
-- that the command line took in, which nobody's account brought.
CREATE TABLE list_now (
    id              TEXT PRIMARY KEY,
    province        TEXT NOT NULL,
    kind            TEXT NOT NULL CHECK (kind IN ('organizations', 'services')),
    name            TEXT NOT NULL,       -- of the file; empty where it was pasted
    division        TEXT NOT NULL REFERENCES division (code),     -- where whoever brought it works
    organization_id TEXT REFERENCES organization (id),            -- whose list it is, if a provider brought it
    sheets          TEXT NOT NULL,       -- JSON: the cells as they are now, with what was decided; empty once it is dropped
    registers       BIGINT NOT NULL DEFAULT 0,                    -- 1: its one organization registers, with its services
    on_behalf_of    TEXT NOT NULL DEFAULT '',
    state           TEXT NOT NULL CHECK (state IN ('open', 'taken', 'undone', 'dropped')),
    by_account      TEXT REFERENCES account (id),                 -- null: from the command line
    at              TEXT NOT NULL,
    taken_at        TEXT,
    version         BIGINT NOT NULL DEFAULT 1
);
INSERT INTO list_now (id, province, kind, name, division, organization_id, sheets, state, by_account, at, taken_at, version)
SELECT id, province, kind, name, division, organization_id, sheets, state, by_account, at, taken_at, version FROM list;

CREATE TABLE list_entry_now (
    list_id      TEXT NOT NULL REFERENCES list_now (id),
    subject_type TEXT NOT NULL,          -- organization, service
    subject      TEXT NOT NULL,
    PRIMARY KEY (list_id, subject)
);
INSERT INTO list_entry_now (list_id, subject_type, subject) SELECT list_id, subject_type, subject FROM list_entry;

DROP TABLE list_entry;
DROP TABLE list;
ALTER TABLE list_now RENAME TO list;
ALTER TABLE list_entry_now RENAME TO list_entry;
CREATE INDEX list_by ON list (by_account, at);
CREATE INDEX list_division ON list (division, at);

-- What is given at one place, whoever gives it: asked before a service is saved.
CREATE INDEX location_place ON location (division, address);
