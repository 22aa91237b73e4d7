-- When a service was first given, which is not when the family was first spoken to.
ALTER TABLE referral ADD COLUMN started_at TEXT;

UPDATE referral SET started_at =
    (SELECT MIN(e.at) FROM referral_event e WHERE e.referral_id = referral.id AND e.kind = 'serve' AND e.facts LIKE '%"record":"service"%');
