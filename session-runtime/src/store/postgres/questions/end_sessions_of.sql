-- All are locked in one order, the newest first, so that two who do this at once wait for each other and never in a circle.
WITH theirs AS MATERIALIZED (
    SELECT sid, created_at FROM session_runtime_sessions
    WHERE user_id = $1::text AND NOT ended AND $4::bigint <= expires_at AND sid IS DISTINCT FROM $2::bytea
    ORDER BY created_at DESC, sid DESC
    FOR NO KEY UPDATE
), others AS (
    SELECT sid FROM theirs ORDER BY created_at DESC, sid DESC OFFSET $3::bigint
)
UPDATE session_runtime_sessions s SET
    ended = true, data = '{}', user_id = NULL, label = NULL, lease = NULL, lease_until = NULL,
    expires_at = $4 + $5::bigint
FROM others WHERE s.sid = others.sid
RETURNING s.sid
