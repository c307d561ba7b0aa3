-- lease.sql, for several at once. What another has locked is passed over, and asked for alone: a batch that waited for one
-- session would keep the others waiting, and two batches could wait for each other in a circle.
WITH free AS MATERIALIZED (
    SELECT asked.place, asked.lease, asked.lease_until, s.sid
    FROM unnest($1::bytea[], $2::bytea[], $3::bigint[], $4::bytea[], $5::bigint[], $6::bigint[])
        WITH ORDINALITY AS asked (sid, secret, due_by, lease, lease_until, now, place)
    JOIN session_runtime_sessions s ON s.sid = asked.sid
    WHERE s.secret = asked.secret AND s.superseded_secret IS DISTINCT FROM asked.secret
        AND NOT s.ended AND asked.now <= s.expires_at AND s.due_at > asked.due_by
        AND (s.lease IS NULL OR s.lease_until < asked.now)
    FOR NO KEY UPDATE OF s SKIP LOCKED
)
UPDATE session_runtime_sessions s SET lease = free.lease, lease_until = free.lease_until
FROM free WHERE s.sid = free.sid
RETURNING free.place, 'alive' AS standing, false AS touched,
    s.data::text AS data, s.sid, s.generation, s.user_id, s.label, s.created_at, s.touched_at, s.expires_at,
    -- Once for all of them.
    (SELECT set_config('synchronous_commit', 'off', true))
