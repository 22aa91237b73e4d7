-- Who gets the minutes of a meeting: a body, or somebody of it. No longer changed once the minutes are signed.
CREATE TABLE receiver (
    conference_id   TEXT NOT NULL REFERENCES conference (id),
    organization_id TEXT NOT NULL REFERENCES organization (id),
    person          TEXT NOT NULL DEFAULT '',   -- empty: the body
    at              TEXT NOT NULL,
    PRIMARY KEY (conference_id, organization_id, person)
);
-- Until now whoever was invited got them.
INSERT INTO receiver (conference_id, organization_id, person, at) SELECT conference_id, organization_id, '', at FROM invitation;
