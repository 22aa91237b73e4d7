-- Which division buys a project: it sees and pays it, wherever the body that runs it sits.
ALTER TABLE program ADD COLUMN division TEXT REFERENCES division (code);

UPDATE program SET division = (SELECT o.division FROM organization o WHERE o.id = program.organization_id);
CREATE INDEX program_division ON program (division, to_day);
