-- The directory: who offers what, where, for whom, and how fresh each fact is.

CREATE TABLE organization (
    id              TEXT PRIMARY KEY,
    province        TEXT NOT NULL,
    kind            TEXT NOT NULL REFERENCES organization_kind (code),
    name            TEXT NOT NULL,
    alternate_name  TEXT,
    description     TEXT NOT NULL DEFAULT '',
    code_uscc       TEXT,
    division        TEXT NOT NULL REFERENCES division (code),
    address         TEXT NOT NULL DEFAULT '',
    phones          TEXT NOT NULL DEFAULT '[]',
    website         TEXT,
    parent_id       TEXT REFERENCES organization (id),
    status          TEXT NOT NULL CHECK (status IN ('draft', 'pending', 'verified', 'suspended', 'closed')),
    status_reason   TEXT,
    entered_by      TEXT,
    verified_by     TEXT,
    verified_at     TEXT,
    verified_until  TEXT,            -- day, included
    confidentiality TEXT NOT NULL DEFAULT 'public' CHECK (confidentiality IN ('public', 'workers', 'restricted')),
    listed          BIGINT NOT NULL DEFAULT 1,
    do_not_refer    BIGINT NOT NULL DEFAULT 0,
    pinyin          TEXT NOT NULL,
    initials        TEXT NOT NULL,
    version         BIGINT NOT NULL DEFAULT 1,
    changed_at      TEXT NOT NULL
);
CREATE INDEX organization_division ON organization (division, kind);
CREATE INDEX organization_status ON organization (status, division);
CREATE INDEX organization_name ON organization (name);
CREATE INDEX organization_restricted ON organization (id) WHERE confidentiality = 'restricted';

CREATE TABLE location (
    id              TEXT PRIMARY KEY,
    province        TEXT NOT NULL,
    organization_id TEXT NOT NULL REFERENCES organization (id),
    location_type   TEXT NOT NULL CHECK (location_type IN ('physical', 'postal', 'virtual', 'redacted')),
    name            TEXT NOT NULL,
    address         TEXT NOT NULL DEFAULT '',
    division        TEXT NOT NULL REFERENCES division (code),
    village         TEXT,
    longitude       DOUBLE PRECISION,
    latitude        DOUBLE PRECISION,
    crs_given       TEXT CHECK (crs_given IN ('wgs84', 'gcj02', 'bd09')),
    precision_m     BIGINT,
    accessibility   TEXT NOT NULL DEFAULT '[]',
    transportation  TEXT,
    version         BIGINT NOT NULL DEFAULT 1,
    changed_at      TEXT NOT NULL
);
CREATE INDEX location_organization ON location (organization_id);

CREATE TABLE practitioner (
    id              TEXT PRIMARY KEY,
    province        TEXT NOT NULL,
    organization_id TEXT NOT NULL REFERENCES organization (id),
    name            TEXT NOT NULL,
    profession      TEXT NOT NULL,
    licence_kind    TEXT,
    licence_until   TEXT,            -- day, included
    terms           TEXT NOT NULL DEFAULT '[]',
    languages       TEXT NOT NULL DEFAULT '[]',
    listed          BIGINT NOT NULL DEFAULT 1,
    version         BIGINT NOT NULL DEFAULT 1,
    changed_at      TEXT NOT NULL
);
CREATE INDEX practitioner_organization ON practitioner (organization_id);

CREATE TABLE program (
    id              TEXT PRIMARY KEY,
    province        TEXT NOT NULL,
    organization_id TEXT NOT NULL REFERENCES organization (id),
    name            TEXT NOT NULL,
    funder          TEXT NOT NULL,
    from_day        TEXT NOT NULL,
    to_day          TEXT NOT NULL,   -- included; its end closes its services' places
    budget_fen      BIGINT NOT NULL DEFAULT 0,
    target_children BIGINT,
    target_sessions BIGINT,
    version         BIGINT NOT NULL DEFAULT 1,
    changed_at      TEXT NOT NULL
);
CREATE INDEX program_organization ON program (organization_id);

CREATE TABLE service (
    id              TEXT PRIMARY KEY,
    province        TEXT NOT NULL,
    organization_id TEXT NOT NULL REFERENCES organization (id),
    program_id      TEXT REFERENCES program (id),
    practitioner_id TEXT REFERENCES practitioner (id),
    name            TEXT NOT NULL,
    description     TEXT NOT NULL DEFAULT '',
    terms           TEXT NOT NULL,                 -- JSON list of taxonomy leaves
    delivery        TEXT NOT NULL DEFAULT '["site"]',
    status          TEXT NOT NULL CHECK (status IN ('active', 'inactive', 'temporarily_closed', 'defunct')),
    eligibility     TEXT,                          -- the grammar of docs/MATCHING.md; absent = not stated
    languages       TEXT NOT NULL DEFAULT '[]',
    application     TEXT NOT NULL DEFAULT '',
    documents       TEXT NOT NULL DEFAULT '[]',
    schedule        TEXT NOT NULL DEFAULT '{}',
    travel_free     BIGINT NOT NULL DEFAULT 0,
    wait_days       BIGINT,
    assured_at      TEXT,                          -- day of the last confirmation
    confidentiality TEXT NOT NULL DEFAULT 'public' CHECK (confidentiality IN ('public', 'workers', 'restricted')),
    do_not_refer    BIGINT NOT NULL DEFAULT 0,
    checked         TEXT,                          -- what a registrar last saw of this entry, JSON; absent = never
    unchecked       BIGINT NOT NULL DEFAULT 1,     -- edited since
    version         BIGINT NOT NULL DEFAULT 1,
    changed_at      TEXT NOT NULL
);
CREATE INDEX service_organization ON service (organization_id);
CREATE INDEX service_program ON service (program_id);
CREATE INDEX service_restricted ON service (organization_id) WHERE confidentiality = 'restricted';

CREATE TABLE service_at_location (
    id          TEXT PRIMARY KEY,
    province    TEXT NOT NULL,
    service_id  TEXT NOT NULL REFERENCES service (id),
    location_id TEXT REFERENCES location (id),     -- absent: at home, online, by phone
    areas       TEXT NOT NULL DEFAULT '[]',        -- division codes and zone:ids; empty = not stated
    version     BIGINT NOT NULL DEFAULT 1,
    changed_at  TEXT NOT NULL
);
CREATE INDEX service_at_location_service ON service_at_location (service_id);
CREATE INDEX service_at_location_location ON service_at_location (location_id);

CREATE TABLE fee (
    id         TEXT PRIMARY KEY,
    service_id TEXT NOT NULL REFERENCES service (id),
    audience   TEXT NOT NULL,        -- an audience, or one child category
    level      TEXT NOT NULL CHECK (level IN ('free', 'low', 'full')),
    amount_fen BIGINT NOT NULL CHECK (amount_fen >= 0),
    unit       TEXT NOT NULL CHECK (unit IN ('visit', 'hour', 'month', 'term')),
    quota      BIGINT,
    payer      TEXT NOT NULL CHECK (payer IN ('family', 'station', 'program', 'body')),
    valid_from TEXT,
    valid_to   TEXT,
    CHECK (level <> 'free' OR amount_fen = 0)
);
CREATE INDEX fee_service ON fee (service_id);

CREATE TABLE place (
    id                     TEXT PRIMARY KEY,
    province               TEXT NOT NULL,
    service_at_location_id TEXT NOT NULL REFERENCES service_at_location (id),
    term_from              TEXT,
    term_to                TEXT,
    capacity               BIGINT NOT NULL CHECK (capacity >= 0),
    used                   BIGINT NOT NULL DEFAULT 0,
    held                   BIGINT NOT NULL DEFAULT 0,
    source                 TEXT NOT NULL,          -- organization, worker, import, decline, demo
    as_of                  TEXT NOT NULL,
    version                BIGINT NOT NULL DEFAULT 1,
    changed_at             TEXT NOT NULL,
    CHECK (used >= 0 AND held >= 0 AND used + held <= capacity)
);
CREATE UNIQUE INDEX place_once ON place (service_at_location_id, COALESCE(term_from, ''));

CREATE TABLE fact_check (
    id         TEXT PRIMARY KEY,
    subject    TEXT NOT NULL,        -- organization or service id
    field      TEXT NOT NULL,
    value_hash TEXT NOT NULL,
    source     TEXT NOT NULL CHECK (source IN ('organization', 'worker', 'import', 'registrar')),
    method     TEXT NOT NULL,
    by_account TEXT,
    at         TEXT NOT NULL,
    expires_at TEXT NOT NULL
);
CREATE INDEX fact_check_subject ON fact_check (subject, field, at);

CREATE TABLE change_suggestion (
    id         TEXT PRIMARY KEY,
    subject    TEXT NOT NULL,
    field      TEXT NOT NULL,
    suggested  TEXT NOT NULL,
    by_account TEXT NOT NULL,
    at         TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('open', 'taken', 'refused')),
    settled_by TEXT,
    settled_at TEXT
);
CREATE INDEX change_suggestion_subject ON change_suggestion (subject, state);

CREATE TABLE record_version (
    subject_type TEXT NOT NULL,
    subject      TEXT NOT NULL,
    version      BIGINT NOT NULL,
    body         TEXT NOT NULL,      -- JSON
    by_account   TEXT NOT NULL,
    at           TEXT NOT NULL,
    PRIMARY KEY (subject_type, subject, version)
);

CREATE TABLE service_rate (
    subject    TEXT NOT NULL,        -- service, organization, service at a location or taxonomy group; owned by `matching`
    measure    TEXT NOT NULL,        -- accepted, completed, full, ineligible, unanswered, waited
    day        TEXT NOT NULL,
    hits       BIGINT NOT NULL,
    tries      BIGINT NOT NULL,
    PRIMARY KEY (subject, measure, day)
);
