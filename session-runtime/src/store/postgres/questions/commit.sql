-- The row is locked first and then judged, so that what is judged is what is changed. An UPDATE whose WHERE does not hold
-- cannot say why, and conditions that look at other rows are not looked at again after waiting for this one.
WITH asked AS NOT MATERIALIZED (
    SELECT $1::bytea AS sid, $2::bigint AS generation, $3::bytea AS lease,
        $4::text[] AS expected_names, $5::text[] AS expected_values,
        $6::boolean AS clears, $7::text[] AS removed, $8::text[] AS set_names, $9::text[] AS set_values,
        $10::text[] AS ends_with_only,
        $11::boolean AS changes_user, $12::text AS user_id, $13::boolean AS changes_label, $14::text AS label,
        $15::bytea AS secret, $16::boolean AS keeps_user,
        $17::bigint AS idle, $18::bigint AS ends_at, $19::bigint AS grace, $20::bigint AS now
), locked AS MATERIALIZED (
    SELECT s.* FROM session_runtime_sessions s, asked WHERE s.sid = asked.sid FOR NO KEY UPDATE OF s
), applied AS MATERIALIZED (
    SELECT l.*,
        CASE WHEN asked.clears THEN '{}' ELSE l.data - asked.removed END
            || jsonb_object(asked.set_names, asked.set_values) AS data_after,
        (
            SELECT e.name FROM unnest(asked.expected_names, asked.expected_values) WITH ORDINALITY AS e (name, value, place)
            WHERE l.data ->> e.name IS DISTINCT FROM e.value ORDER BY e.place LIMIT 1
        ) AS conflict
    FROM locked l, asked
), judged AS MATERIALIZED (
    SELECT a.sid, a.data_after, a.conflict,
        CASE
            WHEN a.ended OR asked.now > a.expires_at THEN 'gone'
            WHEN a.generation <> asked.generation THEN 'superseded'
            WHEN asked.lease IS NOT NULL AND a.lease IS DISTINCT FROM asked.lease THEN 'lease_lost'
            WHEN a.conflict IS NOT NULL THEN 'conflict'
            WHEN asked.ends_with_only IS NOT NULL AND a.data_after - asked.ends_with_only = '{}' THEN 'ended'
            ELSE 'applied'
        END AS outcome
    FROM applied a, asked
), ended AS (
    UPDATE session_runtime_sessions s SET
        ended = true, data = '{}', user_id = NULL, label = NULL, lease = NULL, lease_until = NULL,
        expires_at = asked.now + asked.grace
    FROM judged j, asked WHERE s.sid = j.sid AND j.outcome = 'ended'
), changed AS (
    UPDATE session_runtime_sessions s SET
        data = j.data_after,
        user_id = CASE WHEN asked.changes_user THEN asked.user_id ELSE s.user_id END,
        label = CASE WHEN asked.changes_label THEN asked.label ELSE s.label END,
        lease = CASE WHEN asked.lease IS NULL THEN s.lease END,
        lease_until = CASE WHEN asked.lease IS NULL THEN s.lease_until END,
        generation = s.generation + (asked.secret IS NOT NULL)::int,
        secret = coalesce(asked.secret, s.secret),
        superseded_secret = CASE WHEN asked.secret IS NULL THEN s.superseded_secret ELSE s.secret END,
        superseded_at = CASE WHEN asked.secret IS NULL THEN s.superseded_at ELSE asked.now END,
        superseded_keeps_user = CASE WHEN asked.secret IS NULL THEN s.superseded_keeps_user ELSE asked.keeps_user END,
        idle = coalesce(asked.idle, s.idle),
        ends_at = CASE WHEN asked.idle IS NULL THEN s.ends_at ELSE asked.ends_at END,
        touched_at = CASE WHEN asked.idle IS NULL THEN s.touched_at ELSE asked.now END,
        expires_at = CASE WHEN asked.idle IS NULL THEN s.expires_at ELSE least(asked.now + asked.idle, asked.ends_at) END
    FROM judged j, asked WHERE s.sid = j.sid AND j.outcome = 'applied'
)
SELECT outcome, conflict FROM judged
