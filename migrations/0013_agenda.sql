-- A proposal knows which item it went to, so that it waits again when the item is taken off or the meeting is called off.

ALTER TABLE agenda_proposal ADD COLUMN agenda_item_id TEXT;
CREATE INDEX agenda_proposal_item ON agenda_proposal (agenda_item_id);
