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
