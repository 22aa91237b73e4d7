-- Figures over more than a county, counted beforehand: counts only, nothing of any child.

CREATE TABLE figures (
    division TEXT NOT NULL,
    from_day TEXT NOT NULL,
    to_day   TEXT NOT NULL,
    blocks   TEXT NOT NULL,   -- JSON: what is counted, before small counts are left out
    as_of    TEXT NOT NULL,
    asked_at TEXT NOT NULL,   -- when somebody last asked for them
    PRIMARY KEY (division, from_day, to_day)
);
