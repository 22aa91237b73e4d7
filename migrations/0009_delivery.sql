-- Notices that leave the page: by mail to a person, by signed webhook to an organization's own program. Each goes out once.

CREATE TABLE webhook (
    id              TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organization (id),
    url             TEXT NOT NULL,
    made_by         TEXT NOT NULL REFERENCES account (id),
    at              TEXT NOT NULL,
    stopped_at      TEXT
);
CREATE INDEX webhook_organization ON webhook (organization_id);

CREATE TABLE delivery (
    id            TEXT PRIMARY KEY,
    notice_id     TEXT NOT NULL REFERENCES notice (id),
    channel       TEXT NOT NULL CHECK (channel IN ('mail', 'webhook')),
    target        TEXT NOT NULL,             -- an account, or a webhook
    state         TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'given_up')),
    batch         TEXT,                      -- what goes out together keeps its name when it is tried again
    tries         BIGINT NOT NULL DEFAULT 0,
    next_at       TEXT NOT NULL,
    claimed_until TEXT,
    sent_at       TEXT,
    UNIQUE (notice_id, channel, target)
);
CREATE INDEX delivery_next ON delivery (state, next_at);
CREATE INDEX notice_unspread ON notice (due_at) WHERE sent_at IS NULL;
