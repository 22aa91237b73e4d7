-- What the sweep looks for every minute.
CREATE INDEX consent_to_day ON consent (to_day) WHERE revoked_at IS NULL;
CREATE INDEX referral_tier ON referral (need_id, tier) WHERE due_at IS NOT NULL;
-- What lists of cases look up for each line.
CREATE INDEX care_agreement_covers ON care_agreement (case_id, state, to_day);
CREATE INDEX assessment_latest ON assessment (case_id, day, id);
CREATE INDEX need_of_case ON need (case_id, state, tier);
DROP INDEX need_case;
DROP INDEX need_state; -- taken for any state, it reads every need of the province
DROP INDEX visit_case;
CREATE INDEX visit_case ON visit (case_id, day, kind);
CREATE INDEX case_village ON "case" (village, state) WHERE village IS NOT NULL;
