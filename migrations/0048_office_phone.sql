-- Mobile numbers that an organization says are its office's: any other mobile number is somebody's own and leaves by nothing public.
ALTER TABLE organization ADD COLUMN office_phones TEXT NOT NULL DEFAULT '[]'; -- JSON: of `phones`
