-- What projects and stations give: activities with attendance, and what is paid for it.

CREATE TABLE activity (
    id              TEXT PRIMARY KEY,
    province        TEXT NOT NULL,
    program_id      TEXT REFERENCES program (id),     -- null: the organization's own, universal
    organization_id TEXT NOT NULL REFERENCES organization (id),
    division        TEXT NOT NULL REFERENCES division (code),
    kind            TEXT NOT NULL CHECK (kind IN ('casework', 'grouped', 'universal')),
    topic           TEXT NOT NULL,
    title           TEXT NOT NULL,
    day             TEXT NOT NULL,
    sessions        BIGINT NOT NULL CHECK (sessions BETWEEN 1 AND 100),
    headcount       BIGINT NOT NULL CHECK (headcount >= 0), -- who came and was not listed one by one
    by_account      TEXT NOT NULL REFERENCES account (id),
    at              TEXT NOT NULL
);
CREATE INDEX activity_program ON activity (program_id, day);
CREATE INDEX activity_organization ON activity (organization_id, day);
CREATE INDEX activity_division ON activity (division, day);

-- One row a child and activity; a child is a keyed hash, never a name.
CREATE TABLE attendance (
    activity_id TEXT NOT NULL REFERENCES activity (id),
    child_hash  TEXT NOT NULL,
    PRIMARY KEY (activity_id, child_hash)
);
CREATE INDEX attendance_child ON attendance (child_hash);

CREATE TABLE subsidy (
    id              TEXT PRIMARY KEY,
    province        TEXT NOT NULL,
    division        TEXT NOT NULL REFERENCES division (code),
    kind            TEXT NOT NULL CHECK (kind IN ('building', 'running', 'project')),
    program_id      TEXT REFERENCES program (id),
    organization_id TEXT NOT NULL REFERENCES organization (id),
    amount_fen      BIGINT NOT NULL CHECK (amount_fen > 0),
    day             TEXT NOT NULL,
    receipt         TEXT NOT NULL,
    by_account      TEXT NOT NULL REFERENCES account (id),
    at              TEXT NOT NULL,
    CHECK (kind <> 'project' OR program_id IS NOT NULL)
);
CREATE INDEX subsidy_organization ON subsidy (organization_id, kind, day);
CREATE INDEX subsidy_program ON subsidy (program_id);
