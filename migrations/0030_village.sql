-- A village is looked for by its name.
CREATE INDEX village_name ON village (name);
