-- What was told of something that is late: each is told once.
ALTER TABLE lead ADD COLUMN told_late BIGINT NOT NULL DEFAULT 0;
CREATE INDEX lead_late ON lead (due_at) WHERE state = 'new' AND told_late = 0;
ALTER TABLE action ADD COLUMN told BIGINT NOT NULL DEFAULT 0; -- 1: that it is due, 2: that it is late
CREATE INDEX action_open ON action (due_day, told) WHERE state = 'open';
