-- A service that was merged says into which it went, so that an old link leads there.
ALTER TABLE service ADD COLUMN went_into TEXT;
