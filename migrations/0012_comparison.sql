-- Lists of departments compared with ours (数据比对): what was in each row is sealed under a key of the comparison's own.

CREATE TABLE comparison (
    id         TEXT PRIMARY KEY,
    province   TEXT NOT NULL,
    division   TEXT NOT NULL REFERENCES division (code),
    station_id TEXT REFERENCES organization (id),     -- null: the division's
    department TEXT NOT NULL,
    read_rows  BIGINT NOT NULL,
    unread     TEXT NOT NULL,        -- JSON: numbers of rows that do not read, with the reason of each
    by_account TEXT NOT NULL REFERENCES account (id),
    at         TEXT NOT NULL
);
CREATE INDEX comparison_division ON comparison (division, at);
CREATE INDEX comparison_station ON comparison (station_id, at);

CREATE TABLE comparison_row (
    comparison_id TEXT NOT NULL REFERENCES comparison (id),
    number        BIGINT NOT NULL,   -- of the row in the list, from 1; ours that are missing there follow
    state         TEXT NOT NULL CHECK (state IN ('matched', 'elsewhere', 'maybe', 'missing', 'same', 'lead', 'ours_only')),
    words         TEXT,              -- ciphertext: name, identity number, birth, place
    case_id       TEXT REFERENCES "case" (id),
    lead_id       TEXT REFERENCES lead (id),
    by_account    TEXT REFERENCES account (id),
    PRIMARY KEY (comparison_id, number)
);
