-- The loop: a need is dispatched, each referral is answered, verified, closed. Events are append-only.

CREATE TABLE dispatch (
    id         TEXT PRIMARY KEY,
    need_id    TEXT NOT NULL REFERENCES need (id),
    province   TEXT NOT NULL,
    mode       TEXT NOT NULL CHECK (mode IN ('single', 'cascade', 'parallel', 'open')),
    candidates TEXT NOT NULL,        -- JSON: ordered, with frozen utility and reasons
    state      TEXT NOT NULL CHECK (state IN ('planned', 'running', 'accepted', 'exhausted', 'stopped')),
    reason     TEXT,
    at         TEXT NOT NULL,
    version    BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX dispatch_need ON dispatch (need_id);

CREATE TABLE referral (
    id                     TEXT PRIMARY KEY,
    number                 TEXT NOT NULL UNIQUE,
    province               TEXT NOT NULL,
    need_id                TEXT NOT NULL REFERENCES need (id),
    case_id                TEXT NOT NULL REFERENCES "case" (id),
    dispatch_id            TEXT NOT NULL REFERENCES dispatch (id),
    service_at_location_id TEXT NOT NULL REFERENCES service_at_location (id),
    organization_id        TEXT NOT NULL REFERENCES organization (id),
    state                  TEXT NOT NULL CHECK (state IN ('draft', 'pending_approval', 'queued', 'sent', 'acknowledged',
                               'needs_info', 'waitlisted', 'accepted', 'in_service', 'reported', 'closed', 'declined',
                               'expired', 'withdrawn', 'superseded', 'ended', 'voided')),
    version                BIGINT NOT NULL DEFAULT 1,
    tier                   BIGINT NOT NULL CHECK (tier BETWEEN 1 AND 4),
    due_at                 TEXT,
    due_kind               TEXT,
    due_from               TEXT,     -- when the running timer started
    spent_s                BIGINT NOT NULL DEFAULT 0, -- seconds of the provider's clock used before due_from
    tick_at                TEXT,     -- when the sweep looks next; the steps of the ladder lie before and after due_at
    owner_id               TEXT REFERENCES account (id),
    author_id              TEXT NOT NULL,
    purpose                TEXT NOT NULL,
    brief                  TEXT NOT NULL,          -- JSON: what the provider sees before it accepts
    items                  TEXT NOT NULL DEFAULT '[]', -- what it is to see afterwards
    consent_id             TEXT REFERENCES consent (id),
    promised_day           TEXT,     -- of the first service
    contact_day            TEXT,     -- of the first contact
    expected_day           TEXT,     -- of a waiting list
    served                 BIGINT NOT NULL DEFAULT 0, -- whether a service was given: then T5 runs, not T4
    outcome                TEXT,
    verified_by            TEXT,
    questions              BIGINT NOT NULL DEFAULT 0,
    sent_at                TEXT,
    hold_reason            TEXT,
    hold_until             TEXT,
    overdue                BIGINT NOT NULL DEFAULT 0 CHECK (overdue BETWEEN 0 AND 4),
    flags                  TEXT NOT NULL DEFAULT '[]', -- unverified, consent_blocked, on_agenda, withdrawal_requested
    follows_id             TEXT REFERENCES referral (id),
    changed_at             TEXT NOT NULL,
    CHECK (state NOT IN ('pending_approval', 'queued', 'sent', 'acknowledged', 'needs_info', 'waitlisted', 'accepted',
                         'in_service', 'reported')
           OR (owner_id IS NOT NULL AND due_at IS NOT NULL AND due_kind IS NOT NULL))
);
CREATE UNIQUE INDEX referral_live_once ON referral (need_id, service_at_location_id)
    WHERE state IN ('pending_approval', 'queued', 'sent', 'acknowledged', 'needs_info', 'waitlisted', 'accepted', 'in_service', 'reported');
CREATE INDEX referral_organization ON referral (organization_id, state);
CREATE INDEX referral_owner ON referral (owner_id, state);
CREATE INDEX referral_case ON referral (case_id);
CREATE INDEX referral_need ON referral (need_id);
CREATE INDEX referral_dispatch ON referral (dispatch_id);
CREATE INDEX referral_queued ON referral (id) WHERE state = 'queued';
CREATE INDEX referral_tick ON referral (tick_at) WHERE tick_at IS NOT NULL;
CREATE INDEX referral_due ON referral (due_at)
    WHERE state IN ('pending_approval', 'queued', 'sent', 'acknowledged', 'needs_info', 'waitlisted', 'accepted', 'in_service', 'reported');

CREATE TABLE referral_event (
    referral_id  TEXT NOT NULL REFERENCES referral (id),
    number       BIGINT NOT NULL,
    kind         TEXT NOT NULL,
    from_state   TEXT NOT NULL,
    to_state     TEXT NOT NULL,
    actor        TEXT NOT NULL,
    on_behalf_of TEXT,
    channel      TEXT NOT NULL CHECK (channel IN ('page', 'link', 'phone', 'api', 'timer', 'meeting')),
    reason       TEXT,
    facts        TEXT NOT NULL DEFAULT '{}',  -- the event's own fields, JSON, without any identity
    note         TEXT,                        -- ciphertext under the child's key
    at           TEXT NOT NULL,
    recorded_at  TEXT NOT NULL,
    PRIMARY KEY (referral_id, number)
);

CREATE TABLE reservation (
    id          TEXT PRIMARY KEY,
    place_id    TEXT NOT NULL REFERENCES place (id),
    referral_id TEXT NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('held', 'used')),
    until       TEXT,
    released_at TEXT,
    key         TEXT NOT NULL UNIQUE
);
CREATE INDEX reservation_referral ON reservation (referral_id);
CREATE INDEX reservation_place ON reservation (place_id);

CREATE TABLE appointment (
    id          TEXT PRIMARY KEY,
    referral_id TEXT NOT NULL REFERENCES referral (id),
    at          TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('booked', 'rescheduled', 'attended', 'no_show', 'cancelled')),
    place       TEXT NOT NULL DEFAULT '',
    cancelled_by TEXT,
    version     BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX appointment_referral ON appointment (referral_id);

CREATE TABLE service_record (
    id          TEXT PRIMARY KEY,
    referral_id TEXT NOT NULL REFERENCES referral (id),
    day         TEXT NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('contact', 'service')),
    units       BIGINT NOT NULL DEFAULT 1,
    note        TEXT,                -- ciphertext under the child's key
    by_account  TEXT NOT NULL,
    at          TEXT NOT NULL
);
CREATE INDEX service_record_referral ON service_record (referral_id);

CREATE TABLE release (
    id           TEXT PRIMARY KEY,
    referral_id  TEXT NOT NULL,
    recipient_id TEXT NOT NULL,
    items        TEXT NOT NULL,
    legal_ground TEXT NOT NULL,
    channel      TEXT NOT NULL,
    at           TEXT NOT NULL
);
CREATE INDEX release_referral ON release (referral_id);
