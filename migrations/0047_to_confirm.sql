-- Referrals of the first tier that went out ahead of their approval: a station head finds them by the case.
CREATE INDEX referral_to_confirm ON referral (case_id) WHERE flags LIKE '%to_confirm%';
