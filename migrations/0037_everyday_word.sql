-- What an installation says otherwise than the words compiled in: phrases with what they mean, phrases taken out of use, signs of danger.
CREATE TABLE everyday_word (
    id           TEXT PRIMARY KEY,
    phrase       TEXT NOT NULL,                 -- as it was written
    folded       TEXT NOT NULL,                 -- as it is compared
    terms        TEXT NOT NULL DEFAULT '[]',    -- JSON: codes of the taxonomy, likeliest first
    replaces     BIGINT NOT NULL DEFAULT 0,     -- 1: what the lists say of the phrase is taken away
    sign         TEXT NOT NULL DEFAULT '',      -- code of a sign of danger, and then no terms
    note         TEXT NOT NULL DEFAULT '',
    version      BIGINT NOT NULL DEFAULT 1,
    written_by   TEXT NOT NULL REFERENCES account (id),
    written_at   TEXT NOT NULL,
    withdrawn_at TEXT,                          -- signs of danger are never withdrawn
    CHECK (sign = '' OR withdrawn_at IS NULL)
);
CREATE UNIQUE INDEX everyday_word_used ON everyday_word (folded, sign) WHERE withdrawn_at IS NULL;
