-- What the field agrees on: places, days, words. Loaded from `seed-data`, editable by an installation.

CREATE TABLE division (
    code          TEXT PRIMARY KEY,  -- scheme mca: 2, 4, 6 or 9 digits; a parent is a prefix
    parent        TEXT,
    level         TEXT NOT NULL,
    name          TEXT NOT NULL,
    longitude     DOUBLE PRECISION,
    latitude      DOUBLE PRECISION,
    coord_quality TEXT NOT NULL,
    pinyin        TEXT NOT NULL,
    initials      TEXT NOT NULL,
    kind          TEXT NOT NULL,
    nbs_code      TEXT,
    aliases       TEXT NOT NULL DEFAULT '[]'
);

CREATE TABLE division_history (
    old_code  TEXT NOT NULL,
    old_name  TEXT NOT NULL,
    last_year BIGINT NOT NULL,
    successor TEXT NOT NULL,
    note      TEXT NOT NULL,
    PRIMARY KEY (old_code, successor)
);

CREATE TABLE village (
    code     TEXT PRIMARY KEY,       -- scheme nbs, 12 digits
    township TEXT,                   -- scheme mca
    name     TEXT NOT NULL
);
CREATE INDEX village_township ON village (township);

CREATE TABLE zone (
    id         TEXT PRIMARY KEY,
    name       TEXT NOT NULL,
    aliases    TEXT NOT NULL,
    kind       TEXT NOT NULL,
    prefecture TEXT NOT NULL,
    townships  TEXT NOT NULL,
    note       TEXT NOT NULL
);

CREATE TABLE taxonomy_term (
    code            TEXT PRIMARY KEY,
    parent          TEXT,
    zh              TEXT NOT NULL,
    en              TEXT NOT NULL,
    synonyms        TEXT NOT NULL,
    policy_note     TEXT NOT NULL,
    open_eligibility TEXT NOT NULL,
    providers       TEXT NOT NULL,
    eligibility     TEXT NOT NULL,
    position        BIGINT NOT NULL
);

CREATE TABLE child_category (
    code       TEXT PRIMARY KEY,
    zh         TEXT NOT NULL,
    en         TEXT NOT NULL,
    definition TEXT NOT NULL,
    age_limit  TEXT NOT NULL,
    basis      TEXT NOT NULL,
    position   BIGINT NOT NULL
);

CREATE TABLE organization_kind (
    code             TEXT PRIMARY KEY,
    zh               TEXT NOT NULL,
    en               TEXT NOT NULL,
    sector           TEXT NOT NULL,
    typical_services TEXT NOT NULL,
    ages             TEXT NOT NULL,
    fee              TEXT NOT NULL,
    hours_hint       TEXT NOT NULL,
    area             TEXT NOT NULL,
    referral_way     TEXT NOT NULL,
    position         BIGINT NOT NULL
);

CREATE TABLE hotline (
    number   TEXT PRIMARY KEY,
    zh       TEXT NOT NULL,
    en       TEXT NOT NULL,
    purpose  TEXT NOT NULL,
    hours    TEXT NOT NULL,
    source   TEXT NOT NULL,
    position BIGINT NOT NULL
);

CREATE TABLE calendar_day (
    day    TEXT PRIMARY KEY,
    kind   TEXT NOT NULL CHECK (kind IN ('holiday', 'workday')),
    name   TEXT NOT NULL,
    source TEXT NOT NULL
);

CREATE TABLE school_term (
    school_year TEXT NOT NULL,
    term        TEXT NOT NULL,
    from_day    TEXT NOT NULL,
    to_day      TEXT NOT NULL,
    scope       TEXT NOT NULL,
    stage       TEXT NOT NULL,
    source      TEXT NOT NULL,
    PRIMARY KEY (school_year, term, scope, stage, from_day)
);

CREATE TABLE audience (
    code       TEXT PRIMARY KEY,
    zh         TEXT NOT NULL,
    en         TEXT NOT NULL,
    categories TEXT NOT NULL,
    position   BIGINT NOT NULL
);

CREATE TABLE risk_level (
    code          TEXT PRIMARY KEY,
    rank          BIGINT NOT NULL,
    zh            TEXT NOT NULL,
    en            TEXT NOT NULL,
    colour        TEXT NOT NULL,
    first_contact TEXT NOT NULL,
    measures      TEXT NOT NULL,
    report        TEXT NOT NULL,
    visit_every   BIGINT NOT NULL,   -- days
    review_every  BIGINT NOT NULL    -- days
);

CREATE TABLE timer (
    division TEXT NOT NULL,          -- the narrowest division that covers a case counts
    code     TEXT NOT NULL,
    tier     BIGINT NOT NULL,
    amount   BIGINT NOT NULL,
    unit     TEXT NOT NULL CHECK (unit IN ('hours', 'days', 'working_days')),
    PRIMARY KEY (division, code, tier)
);

CREATE TABLE public_rule (
    id          TEXT PRIMARY KEY,
    division    TEXT NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('entitlement', 'prerequisite', 'forbid')),
    terms       TEXT NOT NULL,
    before_term TEXT,
    eligibility TEXT NOT NULL,
    fee         TEXT,
    valid_from  TEXT NOT NULL,
    valid_to    TEXT,
    overrides   TEXT,
    source      TEXT NOT NULL
);
