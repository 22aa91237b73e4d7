-- Each copy of signed minutes has a number, so that a paper that is found can be traced to who took it.
ALTER TABLE conference ADD COLUMN copies BIGINT NOT NULL DEFAULT 0;

-- Planned meetings by their time: whose pack is due.
CREATE INDEX conference_planned ON conference (starts_at) WHERE state = 'planned';
