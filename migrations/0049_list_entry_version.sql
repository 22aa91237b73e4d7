-- The version in which a list wrote an entry: an entry that was undone before comes in again as a later one.
ALTER TABLE list_entry ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
CREATE INDEX list_entry_subject ON list_entry (subject);
