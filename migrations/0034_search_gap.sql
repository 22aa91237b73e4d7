-- Searches that gave nothing, counted for the gap map: what was read from the words, never the words, and nobody's name.
CREATE TABLE search_gap (
    day      TEXT NOT NULL,
    division TEXT NOT NULL,   -- the county searched for, or from; wider where no county is known
    terms    TEXT NOT NULL,   -- JSON: codes of the taxonomy, surest first; "unread" where no need was read
    filters  TEXT NOT NULL,   -- JSON: names of the filters that were set
    n        BIGINT NOT NULL CHECK (n > 0),
    PRIMARY KEY (day, division, terms, filters)
);

-- What was counted today already: a keyed mark that leads back to nobody, gone the day after.
CREATE TABLE search_gap_counted (
    mark TEXT PRIMARY KEY,
    day  TEXT NOT NULL
);
