-- A row of a comparison may be settled without a lead.
CREATE TABLE comparison_row_new (
    comparison_id TEXT NOT NULL REFERENCES comparison (id),
    number        BIGINT NOT NULL,   -- of the row in the list, from 1; ours that are missing there follow
    state         TEXT NOT NULL CHECK (state IN ('matched', 'elsewhere', 'maybe', 'missing', 'same', 'lead', 'ours_only', 'nothing')),
    words         TEXT,              -- ciphertext: name, identity number, birth, place, other children it may be
    case_id       TEXT REFERENCES "case" (id),
    lead_id       TEXT REFERENCES lead (id),
    by_account    TEXT REFERENCES account (id),
    PRIMARY KEY (comparison_id, number)
);
INSERT INTO comparison_row_new SELECT comparison_id, number, state, words, case_id, lead_id, by_account FROM comparison_row;
DROP TABLE comparison_row;
ALTER TABLE comparison_row_new RENAME TO comparison_row;
