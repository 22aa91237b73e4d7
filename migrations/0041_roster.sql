-- Lists of organizations that departments keep, compared with the directory (机构名册比对).
CREATE TABLE roster (
    id         TEXT PRIMARY KEY,
    province   TEXT NOT NULL,
    division   TEXT NOT NULL REFERENCES division (code), -- the area the list covers
    department TEXT NOT NULL,            -- whose list it is
    kinds      TEXT NOT NULL,            -- JSON: codes of the kinds it covers; empty for all
    read_rows  BIGINT NOT NULL,
    refused    TEXT NOT NULL,            -- JSON: cells that do not read, each with row, column and what would do
    by_account TEXT NOT NULL REFERENCES account (id),
    at         TEXT NOT NULL
);
CREATE INDEX roster_division ON roster (division, at);

CREATE TABLE roster_row (
    roster_id       TEXT NOT NULL REFERENCES roster (id),
    number          BIGINT NOT NULL,     -- in the order of the list, from 1; ours that the list lacks follow
    state           TEXT NOT NULL CHECK (state IN ('matched', 'alike', 'maybe', 'same', 'theirs', 'listed', 'ours', 'asked', 'nothing')),
    given           TEXT NOT NULL,       -- JSON: what the list says, by field; empty for ours
    mark            TEXT NOT NULL,       -- what tells the row: folded name, county, code; empty for ours
    alike           TEXT NOT NULL,       -- JSON: entries it may be, the likeliest first, each with its points
    organization_id TEXT REFERENCES organization (id), -- the entry it is, or the one it may be
    list_id         TEXT REFERENCES list (id),         -- the import it went to
    by_account      TEXT REFERENCES account (id),
    PRIMARY KEY (roster_id, number)
);
CREATE INDEX roster_row_organization ON roster_row (roster_id, organization_id);

-- What a person said of a row and an entry: asked once, whatever list the row comes in.
CREATE TABLE roster_answer (
    mark            TEXT NOT NULL,       -- of rows, in whatever list they come
    organization_id TEXT NOT NULL REFERENCES organization (id),
    same            BIGINT NOT NULL CHECK (same IN (0, 1)),
    by_account      TEXT NOT NULL REFERENCES account (id),
    at              TEXT NOT NULL,
    PRIMARY KEY (mark, organization_id)
);
CREATE INDEX roster_answer_organization ON roster_answer (organization_id);

-- A department's list lacks it: whether it still exists is asked anew, until somebody says that it does.
CREATE TABLE doubt (
    organization_id TEXT PRIMARY KEY REFERENCES organization (id),
    department      TEXT NOT NULL,       -- whose list lacks it
    by_account      TEXT NOT NULL REFERENCES account (id),
    at              TEXT NOT NULL
);
