-- An activity or a payment that was written down wrongly and taken back: kept as it stood, counted nowhere.
CREATE TABLE retracted (
    id              TEXT PRIMARY KEY,                 -- of the activity or the payment
    kind            TEXT NOT NULL CHECK (kind IN ('activity', 'subsidy')),
    organization_id TEXT NOT NULL REFERENCES organization (id),
    program_id      TEXT REFERENCES program (id),
    day             TEXT NOT NULL,
    what            TEXT NOT NULL,                    -- title of the activity, receipt of the payment
    content         TEXT NOT NULL,                    -- JSON of the rest; how many were listed, never who
    reason          TEXT NOT NULL CHECK (reason IN ('twice', 'wrong', 'not_held', 'returned')),
    by_account      TEXT NOT NULL REFERENCES account (id),
    at              TEXT NOT NULL
);
CREATE INDEX retracted_organization ON retracted (organization_id, program_id, day);
