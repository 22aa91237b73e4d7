-- What the sweep looks for every minute.
CREATE INDEX consent_to_day ON consent (to_day) WHERE revoked_at IS NULL;
CREATE INDEX referral_tier ON referral (need_id, tier) WHERE due_at IS NOT NULL;
