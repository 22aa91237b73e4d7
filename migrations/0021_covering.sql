-- Lists of a station and a county read their cases, and needs and referrals of each, from the index alone: the rows of one county lie
-- each on a page of its own, and a reader that was overtaken by a write reads them all anew.
DROP INDEX case_station;
CREATE INDEX case_station ON "case" (station_id, state, id, child_id, division, risk, opened_at);
DROP INDEX case_division;
CREATE INDEX case_division ON "case" (division, state, id, child_id, risk, opened_at);
DROP INDEX guardian_child;
CREATE INDEX guardian_child ON guardian (child_id, relation, state);
DROP INDEX assessment_latest;
CREATE INDEX assessment_latest ON assessment (case_id, day, id, result, valid_until);
DROP INDEX need_of_case;
CREATE INDEX need_of_case ON need (case_id, state, tier, term, unverified, opened_at, closed_at, id);
DROP INDEX referral_case;
CREATE INDEX referral_case ON referral (case_id, state, due_at, overdue, changed_at, organization_id, id);
DROP INDEX referral_owner;
CREATE INDEX referral_owner ON referral (owner_id, state, due_at, overdue, changed_at, id);
-- Which services offer a leaf is looked up in the lists of leaves.
CREATE INDEX service_terms ON service (status, terms, organization_id, id);
