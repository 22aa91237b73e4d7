-- When what happened to a referral, for figures over many: answered without reading the events themselves.
CREATE INDEX referral_event_kind ON referral_event (referral_id, kind, at, reason);
