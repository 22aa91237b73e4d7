-- When what happened to a referral, beside it: folded from its events, so that the figures of a county need not look at each.
ALTER TABLE referral ADD COLUMN answered_at TEXT;   -- first answer: accepted, declined, put on a waiting list, or asked back
ALTER TABLE referral ADD COLUMN accepted_at TEXT;
ALTER TABLE referral ADD COLUMN served_at TEXT;     -- family first met or served
ALTER TABLE referral ADD COLUMN reported_at TEXT;   -- last report
ALTER TABLE referral ADD COLUMN closed_at TEXT;     -- last closing
ALTER TABLE referral ADD COLUMN declined TEXT;      -- reason of the last refusal

UPDATE referral SET
    answered_at = (SELECT MIN(e.at) FROM referral_event e WHERE e.referral_id = referral.id AND e.kind IN ('accept', 'decline', 'waitlist', 'ask')),
    accepted_at = (SELECT MIN(e.at) FROM referral_event e WHERE e.referral_id = referral.id AND e.kind = 'accept'),
    served_at = (SELECT MIN(e.at) FROM referral_event e WHERE e.referral_id = referral.id AND e.kind = 'serve'),
    reported_at = (SELECT MAX(e.at) FROM referral_event e WHERE e.referral_id = referral.id AND e.kind = 'report'),
    closed_at = (SELECT MAX(e.at) FROM referral_event e WHERE e.referral_id = referral.id AND e.kind = 'close'),
    declined = (SELECT e.reason FROM referral_event e WHERE e.referral_id = referral.id AND e.kind = 'decline' ORDER BY e.number DESC LIMIT 1);

DROP INDEX referral_event_kind;
