-- Services that a person keeps together. With an organization its people share the list: a station.
CREATE TABLE saved_list (
    id              TEXT PRIMARY KEY,
    account_id      TEXT NOT NULL REFERENCES account (id),
    organization_id TEXT REFERENCES organization (id),
    name            TEXT NOT NULL,
    version         BIGINT NOT NULL DEFAULT 1,
    at              TEXT NOT NULL
);
CREATE INDEX saved_list_account ON saved_list (account_id, at);
CREATE INDEX saved_list_organization ON saved_list (organization_id, at);

CREATE TABLE saved_entry (
    list_id    TEXT NOT NULL REFERENCES saved_list (id),
    service_id TEXT NOT NULL REFERENCES service (id),
    position   BIGINT NOT NULL,
    at         TEXT NOT NULL,
    PRIMARY KEY (list_id, service_id)
);
