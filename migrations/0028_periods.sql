-- How many days a fact of a kind stays fresh, where an installation says otherwise than the defaults.
CREATE TABLE freshness_period (
    kind TEXT PRIMARY KEY CHECK (kind IN ('places', 'hours', 'existence')),
    days BIGINT NOT NULL CHECK (days BETWEEN 1 AND 1000)
);
