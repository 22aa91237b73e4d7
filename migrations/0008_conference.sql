-- Meetings on hard cases (疑难个案研讨会): agenda, decisions that execute, actions, minutes.

CREATE TABLE conference (
    id           TEXT PRIMARY KEY,
    number       TEXT NOT NULL UNIQUE,
    province     TEXT NOT NULL,
    division     TEXT NOT NULL REFERENCES division (code),
    station_id   TEXT REFERENCES organization (id),   -- null: the county's
    title        TEXT NOT NULL,
    place        TEXT NOT NULL,
    starts_at    TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('planned', 'pack_sent', 'in_session', 'signed', 'cancelled')),
    called_by    TEXT NOT NULL REFERENCES account (id),
    chair_id     TEXT NOT NULL REFERENCES account (id),
    signed_by    TEXT REFERENCES account (id),
    signed_at    TEXT,
    minutes_hash TEXT,               -- of the minutes of all items, frozen at sign-off
    reason       TEXT,               -- why it was cancelled
    version      BIGINT NOT NULL DEFAULT 1,
    changed_at   TEXT NOT NULL,
    CHECK (state <> 'signed' OR (signed_by IS NOT NULL AND minutes_hash IS NOT NULL))
);
CREATE INDEX conference_division ON conference (division, state, starts_at);
CREATE INDEX conference_station ON conference (station_id, state, starts_at);

CREATE TABLE invitation (
    conference_id   TEXT NOT NULL REFERENCES conference (id),
    organization_id TEXT NOT NULL REFERENCES organization (id),
    attended        BIGINT,          -- null: not known yet; 0: apologies
    at              TEXT NOT NULL,
    PRIMARY KEY (conference_id, organization_id)
);

CREATE TABLE agenda_item (
    id            TEXT PRIMARY KEY,
    conference_id TEXT NOT NULL REFERENCES conference (id),
    case_id       TEXT NOT NULL REFERENCES "case" (id),
    position      BIGINT NOT NULL,
    why           TEXT NOT NULL,     -- JSON list of the rules that put it here
    state         TEXT NOT NULL CHECK (state IN ('planned', 'discussed', 'deferred')),
    words         TEXT,              -- ciphertext: question, snapshot, contingency
    next_review   TEXT,
    minutes       TEXT,              -- ciphertext: the sheet as it was signed
    version       BIGINT NOT NULL DEFAULT 1,
    UNIQUE (conference_id, case_id)
);
CREATE INDEX agenda_item_case ON agenda_item (case_id);

-- What workers ask a meeting to take up.
CREATE TABLE agenda_proposal (
    id       TEXT PRIMARY KEY,
    case_id  TEXT NOT NULL REFERENCES "case" (id),
    words    TEXT NOT NULL,          -- ciphertext: the question
    by_account TEXT NOT NULL REFERENCES account (id),
    at       TEXT NOT NULL,
    taken_at TEXT                    -- when a meeting took it up
);
CREATE UNIQUE INDEX agenda_proposal_open ON agenda_proposal (case_id) WHERE taken_at IS NULL;

CREATE TABLE decision (
    id             TEXT PRIMARY KEY,
    agenda_item_id TEXT NOT NULL REFERENCES agenda_item (id),
    number         BIGINT NOT NULL,
    code           TEXT NOT NULL CHECK (code IN ('keep', 'reroute', 'approve', 'change_lead', 'raise_risk', 'lower_risk',
                       'emergency_route', 'joint_visit', 'declare_gap', 'close', 'defer')),
    need_id        TEXT REFERENCES need (id),
    params         TEXT NOT NULL,    -- JSON: sites, referral, risk, worker
    words          TEXT,             -- ciphertext: why
    state          TEXT NOT NULL CHECK (state IN ('executed', 'failed')),
    created        TEXT,             -- what it made: dispatch/…, emergency/…
    why_failed     TEXT,
    by_account     TEXT NOT NULL REFERENCES account (id),
    at             TEXT NOT NULL,
    UNIQUE (agenda_item_id, number)
);

CREATE TABLE dissent (
    id          TEXT PRIMARY KEY,
    decision_id TEXT NOT NULL REFERENCES decision (id),
    body        TEXT NOT NULL,       -- which body dissents
    words       TEXT NOT NULL,       -- ciphertext: reason, next step
    due_day     TEXT NOT NULL,
    at          TEXT NOT NULL
);
CREATE INDEX dissent_decision ON dissent (decision_id);

CREATE TABLE action (
    id              TEXT PRIMARY KEY,
    conference_id   TEXT NOT NULL REFERENCES conference (id),
    agenda_item_id  TEXT NOT NULL REFERENCES agenda_item (id),
    number          BIGINT NOT NULL,
    words           TEXT NOT NULL,   -- ciphertext: what, evidence that it is done, what was done or why not
    organization_id TEXT NOT NULL REFERENCES organization (id),
    person          TEXT NOT NULL,   -- who of the body
    account_id      TEXT REFERENCES account (id),
    backup          TEXT NOT NULL DEFAULT '',
    due_day         TEXT NOT NULL,
    state           TEXT NOT NULL CHECK (state IN ('open', 'done', 'not_possible', 'not_done')),
    reported_at     TEXT,
    reported_by     TEXT,
    checked_by      TEXT REFERENCES account (id),
    version         BIGINT NOT NULL DEFAULT 1,
    UNIQUE (conference_id, number)
);
CREATE INDEX action_organization ON action (organization_id, state, due_day);
CREATE INDEX action_item ON action (agenda_item_id);

CREATE TABLE amendment (
    conference_id  TEXT NOT NULL REFERENCES conference (id),
    number         BIGINT NOT NULL,
    agenda_item_id TEXT NOT NULL REFERENCES agenda_item (id),
    words          TEXT NOT NULL,    -- ciphertext
    by_account     TEXT NOT NULL REFERENCES account (id),
    at             TEXT NOT NULL,
    PRIMARY KEY (conference_id, number)
);
