-- What a station does for a case besides referring: visits.

CREATE TABLE visit (
    id         TEXT PRIMARY KEY,
    case_id    TEXT NOT NULL REFERENCES "case" (id),
    province   TEXT NOT NULL,
    by_account TEXT NOT NULL REFERENCES account (id),
    day        TEXT NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('home', 'school', 'phone', 'after_care')),
    note       TEXT,                 -- ciphertext under the child's key
    at         TEXT NOT NULL
);
CREATE INDEX visit_case ON visit (case_id, day);

-- One-to-one plans (一对一服务计划): versions of a case's plan and their goals.

CREATE TABLE plan_version (
    id           TEXT PRIMARY KEY,
    case_id      TEXT NOT NULL REFERENCES "case" (id),
    province     TEXT NOT NULL,
    number       BIGINT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('draft', 'approved', 'replaced')),
    review_day   TEXT NOT NULL,
    words        TEXT,               -- ciphertext: the child's and the guardian's opinion, what is done if it fails, reason, remark
    submitted_at TEXT,               -- the worker has handed the draft to the station head
    written_by   TEXT NOT NULL REFERENCES account (id),
    written_at   TEXT NOT NULL,
    approved_by  TEXT REFERENCES account (id),
    approved_at  TEXT,
    version      BIGINT NOT NULL DEFAULT 1,
    UNIQUE (case_id, number),
    CHECK (state = 'draft' OR approved_by IS NOT NULL),
    CHECK (approved_by IS NULL OR approved_by <> written_by)
);
CREATE UNIQUE INDEX plan_draft_once ON plan_version (case_id) WHERE state = 'draft';
CREATE UNIQUE INDEX plan_approved_once ON plan_version (case_id) WHERE state = 'approved';

CREATE TABLE goal (
    id              TEXT NOT NULL,   -- the same in every version, so that versions can be compared
    plan_version_id TEXT NOT NULL REFERENCES plan_version (id),
    position        BIGINT NOT NULL,
    need_id         TEXT REFERENCES need (id),
    words           TEXT NOT NULL,   -- ciphertext: goal, measure, responsible
    fee_source      TEXT,
    from_day        TEXT NOT NULL,
    review_day      TEXT NOT NULL,
    result          TEXT NOT NULL CHECK (result IN ('open', 'reached', 'partly', 'not_reached')),
    PRIMARY KEY (plan_version_id, id)
);

-- Assessments; what was answered is ciphertext, what follows from it is not.

CREATE TABLE assessment (
    id          TEXT PRIMARY KEY,
    case_id     TEXT NOT NULL REFERENCES "case" (id),
    province    TEXT NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('guardianship')),
    form        TEXT NOT NULL,       -- which edition of the form was used
    answers     TEXT NOT NULL,       -- ciphertext: the answers and a remark
    points      BIGINT NOT NULL,
    result      TEXT NOT NULL CHECK (result IN ('able', 'partly', 'unable')),
    day         TEXT NOT NULL,
    valid_until TEXT NOT NULL,       -- included
    by_account  TEXT NOT NULL REFERENCES account (id),
    at          TEXT NOT NULL
);
CREATE INDEX assessment_case ON assessment (case_id, day);

-- Agreements on entrusted care (委托照护协议).

CREATE TABLE care_agreement (
    id            TEXT PRIMARY KEY,
    case_id       TEXT NOT NULL REFERENCES "case" (id),
    province      TEXT NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('draft', 'signed', 'ended', 'expired')),
    relation      TEXT NOT NULL,
    words         TEXT NOT NULL,     -- ciphertext: parents, carer, telephone, duties, money, emergencies
    from_day      TEXT NOT NULL,
    to_day        TEXT NOT NULL,     -- included
    contact_every BIGINT NOT NULL CHECK (contact_every BETWEEN 1 AND 7),
    school_told   BIGINT NOT NULL,
    committee_told BIGINT NOT NULL,
    carer_checked BIGINT NOT NULL,
    signed_day    TEXT,
    ended_day     TEXT,
    ended_reason  TEXT,
    written_by    TEXT NOT NULL REFERENCES account (id),
    version       BIGINT NOT NULL DEFAULT 1,
    changed_at    TEXT NOT NULL,
    CHECK (state = 'draft' OR signed_day IS NOT NULL)
);
CREATE INDEX care_agreement_case ON care_agreement (case_id, state);
CREATE UNIQUE INDEX care_agreement_signed_once ON care_agreement (case_id) WHERE state = 'signed';
CREATE INDEX care_agreement_ends ON care_agreement (state, to_day);

-- Emergencies (突发紧急个案): what must be done by when, and when it was.

CREATE TABLE emergency (
    id         TEXT PRIMARY KEY,
    province   TEXT NOT NULL,
    division   TEXT NOT NULL REFERENCES division (code),
    station_id TEXT NOT NULL REFERENCES organization (id),
    case_id    TEXT REFERENCES "case" (id),
    lead_id    TEXT REFERENCES lead (id),
    cause      TEXT NOT NULL,
    started_by TEXT NOT NULL REFERENCES account (id),
    started_at TEXT NOT NULL,
    ended_by   TEXT REFERENCES account (id),
    ended_at   TEXT,
    version    BIGINT NOT NULL DEFAULT 1,
    CHECK (case_id IS NOT NULL OR lead_id IS NOT NULL)
);
CREATE INDEX emergency_running ON emergency (ended_at, station_id);

CREATE TABLE emergency_step (
    emergency_id TEXT NOT NULL REFERENCES emergency (id),
    step         TEXT NOT NULL,
    note         TEXT,               -- ciphertext under the key of the child, or of the lead
    done_at      TEXT NOT NULL,
    by_account   TEXT NOT NULL REFERENCES account (id),
    PRIMARY KEY (emergency_id, step)
);

-- Transfers of cases between stations.

CREATE TABLE transfer (
    id           TEXT PRIMARY KEY,
    case_id      TEXT NOT NULL REFERENCES "case" (id),
    province     TEXT NOT NULL,
    from_station TEXT NOT NULL REFERENCES organization (id),
    to_station   TEXT NOT NULL REFERENCES organization (id),
    to_division  TEXT NOT NULL REFERENCES division (code), -- where the child lives then
    state        TEXT NOT NULL CHECK (state IN ('offered', 'taken', 'returned')),
    reason       TEXT NOT NULL,
    words        TEXT,               -- ciphertext: what the other station must know; why it was returned
    offered_by   TEXT NOT NULL REFERENCES account (id),
    offered_at   TEXT NOT NULL,
    answered_by  TEXT REFERENCES account (id),
    answered_at  TEXT,
    version      BIGINT NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX transfer_offered_once ON transfer (case_id) WHERE state = 'offered';
CREATE INDEX transfer_to ON transfer (to_station, state);
