-- Entries that were two and are one, and how to undo it; pairs that a person said are not the same.
CREATE TABLE merge (
    id           TEXT PRIMARY KEY,
    province     TEXT NOT NULL,
    kind         TEXT NOT NULL CHECK (kind IN ('organization', 'service')),
    kept         TEXT NOT NULL,          -- the entry that stays
    gone         TEXT NOT NULL,          -- the entry that was closed
    kept_before  TEXT NOT NULL,          -- JSON: the entry as it was
    gone_before  TEXT NOT NULL,
    kept_version BIGINT NOT NULL,        -- what the merge made of it; undone only while it is this
    gone_version BIGINT NOT NULL,
    moved        TEXT NOT NULL,          -- JSON: ids by table, of what went over
    by_account   TEXT NOT NULL REFERENCES account (id),
    at           TEXT NOT NULL,
    undone_at    TEXT
);
CREATE INDEX merge_kept ON merge (kept);
CREATE INDEX merge_gone ON merge (gone);
CREATE INDEX merge_by ON merge (by_account, at);

CREATE TABLE distinct_pair (
    kind       TEXT NOT NULL CHECK (kind IN ('organization', 'service')),
    a          TEXT NOT NULL,            -- before b in the order of texts
    b          TEXT NOT NULL,
    by_account TEXT NOT NULL REFERENCES account (id),
    at         TEXT NOT NULL,
    PRIMARY KEY (kind, a, b)
);
