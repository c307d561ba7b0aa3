-- look.sql, for several at once. Each has a place in the arrays, by which whoever asked finds its row.
SELECT
    asked.place,
    CASE
        WHEN asked.now > s.expires_at THEN 'unknown'
        WHEN s.ended THEN 'ended'
        WHEN s.superseded_secret = asked.secret AND asked.now - s.superseded_at <= asked.grace
            THEN CASE WHEN s.superseded_keeps_user THEN 'readable' ELSE 'superseded' END
        WHEN s.secret <> asked.secret THEN 'unknown'
        WHEN s.due_at <= asked.due_by THEN 'due'
        ELSE 'alive'
    END AS standing,
    false AS touched,
    s.data::text AS data, s.sid, s.generation, s.user_id, s.label, s.created_at, s.touched_at, s.expires_at
FROM unnest($1::bytea[], $2::bytea[], $3::bigint[], $4::bigint[], $5::bigint[])
    WITH ORDINALITY AS asked (sid, secret, due_by, grace, now, place)
JOIN session_runtime_sessions s ON s.sid = asked.sid AND asked.secret IN (s.secret, s.superseded_secret)
