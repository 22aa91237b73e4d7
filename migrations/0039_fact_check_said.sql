-- A confirmation that came in with a package counts as imported; what its source says of it (who said so, how it was known) stands beside.
ALTER TABLE fact_check ADD COLUMN said_source TEXT;
ALTER TABLE fact_check ADD COLUMN said_method TEXT;
