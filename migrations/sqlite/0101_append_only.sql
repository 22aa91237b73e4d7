-- What was recorded stays recorded: the log and the events take rows and give none back.
CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event
BEGIN SELECT RAISE(ABORT, 'audit_event is append-only'); END;
CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event
BEGIN SELECT RAISE(ABORT, 'audit_event is append-only'); END;
CREATE TRIGGER referral_event_no_update BEFORE UPDATE ON referral_event
BEGIN SELECT RAISE(ABORT, 'referral_event is append-only'); END;
CREATE TRIGGER referral_event_no_delete BEFORE DELETE ON referral_event
BEGIN SELECT RAISE(ABORT, 'referral_event is append-only'); END;
