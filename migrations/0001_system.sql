-- Accounts, sessions, audit, outbox: what every other table leans on.
-- Columns are TEXT, BIGINT or DOUBLE PRECISION only; see docs/ARCHITECTURE.md, "Store".

CREATE TABLE store_mark (
    key   TEXT PRIMARY KEY,          -- demo, epoch, created_at, seed
    value TEXT NOT NULL
);

CREATE TABLE account (
    id              TEXT PRIMARY KEY,
    login           TEXT NOT NULL UNIQUE,
    name            TEXT NOT NULL,
    password_hash   TEXT,
    organization_id TEXT,
    locale          TEXT NOT NULL DEFAULT 'zh-CN',
    theme           TEXT NOT NULL DEFAULT 'system',
    text_size       TEXT NOT NULL DEFAULT 'standard',
    mail            TEXT,            -- address at work, for notices
    status          TEXT NOT NULL CHECK (status IN ('invited', 'active', 'disabled')),
    must_change     BIGINT NOT NULL DEFAULT 0,
    version         BIGINT NOT NULL DEFAULT 1,
    changed_at      TEXT NOT NULL
);

CREATE TABLE role_grant (
    id         TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    role       TEXT NOT NULL,
    scope      TEXT NOT NULL,        -- division or village code, organization id, or *
    granted_by TEXT,
    valid_from TEXT NOT NULL,        -- day
    valid_to   TEXT                  -- day, included
);
CREATE INDEX role_grant_account ON role_grant (account_id);
CREATE INDEX role_grant_scope ON role_grant (scope, role);

CREATE TABLE session (
    token_hash   TEXT PRIMARY KEY,   -- SHA-256 of the cookie's value
    account_id   TEXT NOT NULL REFERENCES account (id),
    form_token   TEXT NOT NULL,
    created_at   TEXT NOT NULL,
    last_seen_at TEXT NOT NULL,
    ends_at      TEXT NOT NULL,
    user_agent   TEXT NOT NULL DEFAULT '',
    ended_at     TEXT
);
CREATE INDEX session_account ON session (account_id);

CREATE TABLE login_attempt (
    login     TEXT NOT NULL,
    peer      TEXT NOT NULL,         -- network prefix, never a full address
    failed    BIGINT NOT NULL,
    last_at   TEXT NOT NULL,
    PRIMARY KEY (login, peer)
);

CREATE TABLE audit_event (
    id           TEXT PRIMARY KEY,
    at           TEXT NOT NULL,
    actor        TEXT NOT NULL,      -- account id, or timer, system, visitor
    role         TEXT NOT NULL,
    action       TEXT NOT NULL,
    object_type  TEXT NOT NULL,
    object_ref   TEXT NOT NULL,
    fields       TEXT NOT NULL DEFAULT '[]',
    purpose      TEXT,
    outcome      TEXT NOT NULL DEFAULT 'done',
    payload_hash TEXT NOT NULL
);
CREATE INDEX audit_event_object ON audit_event (object_type, object_ref, at);
CREATE INDEX audit_event_actor ON audit_event (actor, at);

CREATE TABLE counter (
    stream TEXT PRIMARY KEY,
    number BIGINT NOT NULL
);

CREATE TABLE change (
    stream TEXT NOT NULL,
    number BIGINT NOT NULL,
    kind   TEXT NOT NULL,
    id     TEXT NOT NULL,
    at     TEXT NOT NULL,
    PRIMARY KEY (stream, number)
);

CREATE TABLE lease (
    name     TEXT PRIMARY KEY,
    holder   TEXT NOT NULL,
    valid_to TEXT NOT NULL
);

CREATE TABLE idempotency (
    key    TEXT NOT NULL,
    actor  TEXT NOT NULL,
    answer TEXT NOT NULL,            -- status and location, never a body
    at     TEXT NOT NULL,
    PRIMARY KEY (key, actor)
);

CREATE TABLE quarantine (
    id         TEXT PRIMARY KEY,
    source     TEXT NOT NULL,        -- file or import
    place      TEXT NOT NULL,        -- table and row
    field      TEXT NOT NULL,
    reason     TEXT NOT NULL,
    raw        TEXT NOT NULL,        -- the row as it came, JSON
    at         TEXT NOT NULL,
    settled_at TEXT
);

CREATE TABLE notice (
    id              TEXT PRIMARY KEY,
    key             TEXT NOT NULL UNIQUE,
    account_id      TEXT,
    organization_id TEXT,
    channel         TEXT NOT NULL,   -- page
    template        TEXT NOT NULL,
    facts           TEXT NOT NULL,   -- numbers and links only
    due_at          TEXT NOT NULL,
    sent_at         TEXT,
    read_at         TEXT,
    tries           BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX notice_account ON notice (account_id, read_at);
CREATE INDEX notice_organization ON notice (organization_id, read_at);
