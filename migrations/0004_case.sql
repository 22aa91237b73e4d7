-- Children, cases and needs. Identity is ciphertext under a key of the child's own.

CREATE TABLE child_key (
    id       TEXT PRIMARY KEY,
    child_id TEXT NOT NULL UNIQUE,
    wrapped  TEXT NOT NULL,          -- the child's key under the store's key, base64
    kek_id   TEXT NOT NULL
);

CREATE TABLE child (
    id              TEXT PRIMARY KEY,
    province        TEXT NOT NULL,
    alias           TEXT NOT NULL,
    birth_month     TEXT,            -- YYYY-MM
    sex             TEXT CHECK (sex IN ('female', 'male')),
    name            TEXT,            -- ciphertext, as are the eight below
    identity_number TEXT,
    birth_date      TEXT,
    phone           TEXT,
    address         TEXT,
    point           TEXT,
    school          TEXT,
    photo           TEXT,
    blind_identity  TEXT,            -- HMAC, exact search only; one child a number
    key_id          TEXT NOT NULL,
    version         BIGINT NOT NULL DEFAULT 1,
    changed_at      TEXT NOT NULL
);
CREATE UNIQUE INDEX child_blind ON child (blind_identity);

CREATE TABLE guardian (
    id       TEXT PRIMARY KEY,
    child_id TEXT NOT NULL REFERENCES child (id),
    relation TEXT NOT NULL CHECK (relation IN ('father', 'mother', 'grandparent', 'relative', 'other')),
    name     TEXT,                   -- ciphertext
    phone    TEXT,                   -- ciphertext
    state    TEXT NOT NULL,
    since    TEXT,                   -- day
    evidence TEXT NOT NULL DEFAULT '',
    carer    BIGINT NOT NULL DEFAULT 0,
    suspected BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX guardian_child ON guardian (child_id);

CREATE TABLE "case" (
    id            TEXT PRIMARY KEY,
    number        TEXT NOT NULL UNIQUE,
    child_id      TEXT NOT NULL REFERENCES child (id),
    province      TEXT NOT NULL,
    station_id    TEXT NOT NULL REFERENCES organization (id),
    division      TEXT NOT NULL REFERENCES division (code),
    village       TEXT,
    hukou         TEXT,
    worker_id     TEXT NOT NULL REFERENCES account (id),
    opened_by     TEXT NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('intake', 'assessed', 'active', 'follow_up', 'closed')),
    risk          TEXT,
    opened_at     TEXT NOT NULL,
    closed_at     TEXT,
    closed_reason TEXT,
    flags         TEXT NOT NULL DEFAULT '[]',
    categories    TEXT NOT NULL DEFAULT '[]',
    categories_reason TEXT,          -- set when a person overrode the computed list
    holds         TEXT NOT NULL DEFAULT '{}',
    school_stage  TEXT,
    languages     TEXT NOT NULL DEFAULT '[]',
    travel        TEXT NOT NULL DEFAULT '{}',
    can_pay       TEXT,
    guardian      TEXT CHECK (guardian IN ('present', 'consents', 'absent')),
    care_notes    TEXT,              -- ciphertext: safety notes for staff, mobility
    narrative     TEXT,              -- ciphertext
    diagnoses     TEXT,              -- ciphertext
    certificates  TEXT,              -- ciphertext
    version       BIGINT NOT NULL DEFAULT 1,
    changed_at    TEXT NOT NULL
);
CREATE UNIQUE INDEX case_open_once ON "case" (child_id) WHERE state <> 'closed';
CREATE INDEX case_station ON "case" (station_id, state);
CREATE INDEX case_worker ON "case" (worker_id, state);
CREATE INDEX case_division ON "case" (division, state);

CREATE TABLE need (
    id         TEXT PRIMARY KEY,
    case_id    TEXT NOT NULL REFERENCES "case" (id),
    province   TEXT NOT NULL,
    term       TEXT NOT NULL,
    tier       BIGINT NOT NULL CHECK (tier BETWEEN 1 AND 4),
    tier_reason TEXT,
    state      TEXT NOT NULL CHECK (state IN ('open', 'in_dispatch', 'being_served', 'met', 'partly_met', 'not_met', 'no_longer_needed', 'gap')),
    several    BIGINT NOT NULL DEFAULT 0,
    unverified BIGINT NOT NULL DEFAULT 0,
    target_day TEXT,
    words      TEXT,                 -- ciphertext: the worker's own
    outcome    TEXT,
    reason     TEXT,
    opened_at  TEXT NOT NULL,
    closed_at  TEXT,
    source     TEXT NOT NULL CHECK (source IN ('read', 'picked', 'meeting')),
    version    BIGINT NOT NULL DEFAULT 1,
    changed_at TEXT NOT NULL
);
CREATE INDEX need_case ON need (case_id);
CREATE INDEX need_state ON need (state, tier);

CREATE TABLE report_duty (
    id             TEXT PRIMARY KEY,
    case_id        TEXT NOT NULL REFERENCES "case" (id),
    situation      BIGINT NOT NULL CHECK (situation BETWEEN 1 AND 9),
    found_at       TEXT NOT NULL,
    made_at        TEXT,
    made_to        TEXT,
    receipt_number TEXT,
    by_account     TEXT
);
CREATE INDEX report_duty_case ON report_duty (case_id);

CREATE TABLE lead (
    id         TEXT PRIMARY KEY,
    province   TEXT NOT NULL,
    number     TEXT NOT NULL UNIQUE,
    division   TEXT NOT NULL REFERENCES division (code),
    village    TEXT,
    station_id TEXT NOT NULL REFERENCES organization (id),
    source     TEXT NOT NULL CHECK (source IN ('village', 'school', 'police', 'hospital', 'hotline', 'comparison', 'other')),
    danger     BIGINT NOT NULL DEFAULT 0,
    key_id     TEXT NOT NULL,
    words      TEXT NOT NULL,        -- ciphertext under a key of the lead's own: what was said, who said it, what was found
    state      TEXT NOT NULL CHECK (state IN ('new', 'visited', 'opened', 'dismissed')),
    due_at     TEXT NOT NULL,        -- when somebody must have looked
    visited_at TEXT,
    reason     TEXT,
    case_id    TEXT,
    by_account TEXT NOT NULL,
    at         TEXT NOT NULL,
    version    BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX lead_station ON lead (station_id, state, due_at);
CREATE INDEX lead_division ON lead (division, state, due_at);

CREATE TABLE consent (
    id           TEXT PRIMARY KEY,
    case_id      TEXT NOT NULL REFERENCES "case" (id),
    recipient_id TEXT NOT NULL REFERENCES organization (id),
    items        TEXT NOT NULL,      -- JSON list of items of docs/ARCHITECTURE.md, "Field classes"
    purpose      TEXT NOT NULL,
    legal_ground TEXT NOT NULL CHECK (legal_ground IN ('consent', 'statutory')),
    article      TEXT,
    given_by     TEXT NOT NULL DEFAULT '[]',  -- who said yes: relations, and child from 14
    evidence     TEXT NOT NULL DEFAULT '',
    from_day     TEXT NOT NULL,
    to_day       TEXT NOT NULL,      -- included
    revoked_at   TEXT,
    recorded_by  TEXT NOT NULL,
    at           TEXT NOT NULL
);
CREATE INDEX consent_case ON consent (case_id, recipient_id);

CREATE TABLE ticket (
    id          TEXT PRIMARY KEY,
    account_id  TEXT NOT NULL REFERENCES account (id),
    case_id     TEXT NOT NULL REFERENCES "case" (id),
    kind        TEXT NOT NULL CHECK (kind IN ('access', 'break_glass')),
    purpose     TEXT NOT NULL,
    approved_by TEXT,
    valid_from  TEXT NOT NULL,
    valid_to    TEXT NOT NULL,
    reviewed_by TEXT
);
CREATE INDEX ticket_account ON ticket (account_id, case_id);
