-- What a timer was before it was edited: a referral that was sent then is measured by it.
CREATE TABLE timer_before (
    division TEXT NOT NULL,
    code     TEXT NOT NULL,
    tier     BIGINT NOT NULL,
    amount   BIGINT,                 -- null: the division said nothing of its own
    unit     TEXT CHECK (unit IN ('hours', 'days', 'working_days')),
    until_at TEXT NOT NULL,
    PRIMARY KEY (division, code, tier, until_at)
);
