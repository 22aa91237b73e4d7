-- What was recorded stays recorded: the log and the events take rows and give none back.
CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;
CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER referral_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON referral_event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
