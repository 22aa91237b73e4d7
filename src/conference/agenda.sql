, met AS ( -- when a meeting last discussed each case
    SELECT i.case_id, MAX(m.signed_at) AS at FROM agenda_item i JOIN conference m ON m.id = i.conference_id
     WHERE m.state = 'signed' AND i.state = 'discussed' GROUP BY i.case_id
), s AS ( -- the open cases that are on no other agenda
    SELECT c.id, c.risk, COALESCE(met.at, '') AS met FROM scope c LEFT JOIN met ON met.case_id = c.id
     WHERE NOT EXISTS (SELECT 1 FROM agenda_item i JOIN conference m ON m.id = i.conference_id
                        WHERE i.case_id = c.id AND m.id <> $9
                          AND (m.state IN ('planned', 'pack_sent') AND m.starts_at >= $11 OR m.state = 'in_session' AND m.starts_at >= $12))
)
-- Rules, one a branch. $2 now, $3 today; $4 tier 1 since, $5 no meeting since, $6 refusals, $7 due before, $8 missed appointments,
-- $9 the meeting, $10 gap not discussed since, all from the rules; $11 and $12 a meeting that began before then and was never
-- held, or never signed, holds its cases no longer. What a meeting has discussed already does not count again.
SELECT s.id, 'emergency' AS code FROM emergency e LEFT JOIN lead l ON l.id = e.lead_id JOIN s ON s.id = COALESCE(e.case_id, l.case_id)
 WHERE e.ended_at IS NULL
UNION
SELECT s.id, 'tier_1_expired' FROM s JOIN referral r ON r.case_id = s.id JOIN need n ON n.id = r.need_id
 WHERE r.tier = 1 AND r.state = 'expired' AND r.changed_at >= $4 AND r.changed_at > s.met AND n.state IN ('open', 'in_dispatch', 'gap')
UNION
SELECT s.id, 'dissent' FROM s JOIN agenda_item i ON i.case_id = s.id JOIN conference m ON m.id = i.conference_id
  JOIN decision c ON c.agenda_item_id = i.id JOIN dissent d ON d.decision_id = c.id WHERE d.due_day <= $3 AND (d.at >= s.met OR m.signed_at = s.met)
UNION
SELECT s.id, 'red' FROM s JOIN risk_level v ON v.code = s.risk WHERE v.rank = 1 AND s.met < $5
UNION
SELECT s.id, 'flagged' FROM s JOIN referral r ON r.case_id = s.id JOIN need n ON n.id = r.need_id
 WHERE r.flags LIKE '%on_agenda%' AND r.changed_at > s.met AND n.state IN ('open', 'in_dispatch', 'being_served', 'gap')
UNION
SELECT s.id, 'declined' FROM s JOIN need n ON n.case_id = s.id JOIN referral r ON r.need_id = n.id
 WHERE n.state IN ('open', 'in_dispatch', 'gap') AND r.state = 'declined' AND r.changed_at > s.met GROUP BY s.id, n.id HAVING COUNT(*) >= $6
UNION
SELECT s.id, 'gap' FROM s JOIN need n ON n.case_id = s.id WHERE n.state = 'gap' AND s.met < $10
UNION
SELECT s.id, 'overdue' FROM s JOIN referral r ON r.case_id = s.id
 WHERE r.due_at < $7
   AND r.state IN ('pending_approval', 'queued', 'sent', 'acknowledged', 'needs_info', 'waitlisted', 'accepted', 'in_service', 'reported')
UNION
SELECT s.id, 'no_show' FROM s JOIN referral r ON r.case_id = s.id JOIN appointment a ON a.referral_id = r.id JOIN need n ON n.id = r.need_id
 WHERE a.state = 'no_show' AND a.at > s.met AND n.state IN ('open', 'in_dispatch', 'being_served') GROUP BY s.id, n.id HAVING COUNT(*) >= $8
UNION
SELECT s.id, 'action_overdue' FROM s JOIN agenda_item i ON i.case_id = s.id JOIN action a ON a.agenda_item_id = i.id
 WHERE a.state = 'open' AND a.due_day < $3
UNION
SELECT s.id, 'review' FROM s JOIN agenda_item i ON i.case_id = s.id JOIN conference m ON m.id = i.conference_id
 WHERE m.state = 'signed' AND i.next_review <= $3
   AND NOT EXISTS (SELECT 1 FROM agenda_item later JOIN conference n ON n.id = later.conference_id
                    WHERE later.case_id = i.case_id AND n.state = 'signed' AND n.starts_at > m.starts_at)
UNION
SELECT s.id, 'put_off' FROM s JOIN agenda_item i ON i.case_id = s.id JOIN conference m ON m.id = i.conference_id
 WHERE m.state = 'signed' AND i.state = 'deferred' AND i.next_review IS NULL AND m.starts_at < $2
   AND NOT EXISTS (SELECT 1 FROM agenda_item later JOIN conference n ON n.id = later.conference_id
                    WHERE later.case_id = i.case_id AND n.state = 'signed' AND n.starts_at > m.starts_at)
UNION
SELECT s.id, 'proposed' FROM s JOIN agenda_proposal p ON p.case_id = s.id WHERE p.taken_at IS NULL
