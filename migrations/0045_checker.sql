-- Who is named to check that an action of a meeting was done; null: whoever leads the meeting.
ALTER TABLE action ADD COLUMN checker_id TEXT;
CREATE INDEX action_checker ON action (checker_id) WHERE checker_id IS NOT NULL AND checked_by IS NULL;
