-- What a person said two entries are to each other, if not one: nothing, two bodies at one site, a branch and its body.
ALTER TABLE distinct_pair ADD COLUMN answer TEXT NOT NULL DEFAULT 'different' CHECK (answer IN ('different', 'site', 'branch'));
ALTER TABLE distinct_pair ADD COLUMN branch TEXT;           -- which of the two is the branch; the other became its parent
ALTER TABLE distinct_pair ADD COLUMN parent_before TEXT;    -- whose branch it was before
