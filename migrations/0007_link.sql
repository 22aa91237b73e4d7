-- One-time links: an answer without an account. Neither token nor code stands here, only what tells them again.

CREATE TABLE link (
    id           TEXT PRIMARY KEY,
    token_hash   TEXT NOT NULL UNIQUE,
    code_hash    TEXT NOT NULL,
    purpose      TEXT NOT NULL CHECK (purpose IN ('referral', 'actions', 'confirmation')),
    subject_id   TEXT NOT NULL,
    tries        BIGINT NOT NULL DEFAULT 0,  -- wrong codes so far
    made_by      TEXT NOT NULL REFERENCES account (id),
    at           TEXT NOT NULL,
    valid_to     TEXT NOT NULL,
    used_at      TEXT,
    withdrawn_at TEXT
);
CREATE INDEX link_subject ON link (subject_id);
