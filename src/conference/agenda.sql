-- Cases for which a rule holds, in a station ($1 = 'station', $2 its id) or a division ($1 = 'division', $2 its code).
-- $3 now, $4 today; $5 tier 1 since, $6 no meeting since, $7 refusals, $8 due before, $9 missed appointments, all from the rules.
SELECT f.id, f.code FROM (
    SELECT COALESCE(e.case_id, l.case_id) AS id, 'emergency' AS code
      FROM emergency e LEFT JOIN lead l ON l.id = e.lead_id WHERE e.ended_at IS NULL
    UNION
    SELECT r.case_id, 'tier_1_expired' FROM referral r JOIN need n ON n.id = r.need_id
     WHERE r.tier = 1 AND r.state = 'expired' AND r.changed_at >= $5 AND n.state IN ('open', 'in_dispatch', 'gap')
    UNION
    SELECT i.case_id, 'dissent' FROM dissent d JOIN decision c ON c.id = d.decision_id JOIN agenda_item i ON i.id = c.agenda_item_id
     WHERE d.due_day <= $4 AND NOT EXISTS (SELECT 1 FROM agenda_item later JOIN conference m ON m.id = later.conference_id
                                            WHERE later.case_id = i.case_id AND m.state = 'signed' AND m.signed_at > d.at AND later.id <> i.id)
    UNION
    SELECT k.id, 'red' FROM "case" k JOIN risk_level v ON v.code = k.risk
     WHERE v.rank = 1 AND NOT EXISTS (SELECT 1 FROM agenda_item i JOIN conference m ON m.id = i.conference_id
                                       WHERE i.case_id = k.id AND i.state = 'discussed' AND m.state = 'signed' AND m.starts_at >= $6)
    UNION
    SELECT r.case_id, 'flagged' FROM referral r JOIN need n ON n.id = r.need_id
     WHERE r.flags LIKE '%on_agenda%' AND n.state IN ('open', 'in_dispatch', 'being_served', 'gap')
    UNION
    SELECT n.case_id, 'declined' FROM need n JOIN referral r ON r.need_id = n.id
     WHERE n.state IN ('open', 'in_dispatch', 'gap') AND r.state = 'declined' GROUP BY n.id, n.case_id HAVING COUNT(*) >= $7
    UNION
    SELECT n.case_id, 'gap' FROM need n WHERE n.state = 'gap'
    UNION
    SELECT r.case_id, 'overdue' FROM referral r
     WHERE r.due_at < $8 AND r.hold_until IS NULL
       AND r.state IN ('pending_approval', 'queued', 'sent', 'acknowledged', 'needs_info', 'waitlisted', 'accepted', 'in_service', 'reported')
    UNION
    SELECT r.case_id, 'no_show' FROM appointment a JOIN referral r ON r.id = a.referral_id JOIN need n ON n.id = r.need_id
     WHERE a.state = 'no_show' AND n.state IN ('open', 'in_dispatch', 'being_served') GROUP BY r.case_id, n.id HAVING COUNT(*) >= $9
    UNION
    SELECT i.case_id, 'action_overdue' FROM action a JOIN agenda_item i ON i.id = a.agenda_item_id WHERE a.state = 'open' AND a.due_day < $4
    UNION
    SELECT i.case_id, 'review' FROM agenda_item i JOIN conference m ON m.id = i.conference_id
     WHERE m.state = 'signed' AND i.next_review <= $4
       AND NOT EXISTS (SELECT 1 FROM agenda_item later JOIN conference n ON n.id = later.conference_id
                        WHERE later.case_id = i.case_id AND n.state = 'signed' AND n.starts_at > m.starts_at)
    UNION
    SELECT p.case_id, 'proposed' FROM agenda_proposal p WHERE p.taken_at IS NULL
) f JOIN "case" c ON c.id = f.id
WHERE c.state <> 'closed' AND ($1 = 'station' AND c.station_id = $2 OR $1 = 'division' AND c.division LIKE $2)
  AND c.opened_at <= $3
  AND NOT EXISTS (SELECT 1 FROM agenda_item i JOIN conference m ON m.id = i.conference_id
                   WHERE i.case_id = c.id AND m.state IN ('planned', 'pack_sent', 'in_session') AND m.id <> $10)
