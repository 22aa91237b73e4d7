-- The product asks by itself whether what is listed still holds. The link in its mail is made by nobody.
CREATE TABLE link_new (
    id           TEXT PRIMARY KEY,
    token_hash   TEXT NOT NULL UNIQUE,
    code_hash    TEXT NOT NULL,
    purpose      TEXT NOT NULL CHECK (purpose IN ('referral', 'actions', 'confirmation')),
    subject_id   TEXT NOT NULL,
    tries        BIGINT NOT NULL DEFAULT 0,  -- wrong codes so far
    made_by      TEXT REFERENCES account (id), -- absent: it went out by mail
    at           TEXT NOT NULL,
    valid_to     TEXT NOT NULL,
    used_at      TEXT,
    withdrawn_at TEXT
);
INSERT INTO link_new (id, token_hash, code_hash, purpose, subject_id, tries, made_by, at, valid_to, used_at, withdrawn_at)
SELECT id, token_hash, code_hash, purpose, subject_id, tries, made_by, at, valid_to, used_at, withdrawn_at FROM link;
DROP TABLE link;
ALTER TABLE link_new RENAME TO link;
CREATE INDEX link_subject ON link (subject_id);

-- When an organization was last asked to confirm what is listed of it: once in a month at most.
CREATE TABLE confirmation_request (
    organization_id TEXT PRIMARY KEY REFERENCES organization (id),
    asked_at        TEXT NOT NULL
);

-- What somebody says is otherwise, and nobody has settled.
CREATE INDEX change_suggestion_open ON change_suggestion (at, id) WHERE state = 'open';
