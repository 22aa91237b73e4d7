-- What the risk was before it changed last, for the arrow on the sheet of a meeting; and who of a body is invited or was there.
ALTER TABLE "case" ADD COLUMN risk_before TEXT;
ALTER TABLE invitation ADD COLUMN person TEXT NOT NULL DEFAULT '';
