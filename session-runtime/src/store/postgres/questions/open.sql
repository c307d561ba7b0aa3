-- For a session whose lease is wanted, or whose life is due to be extended; look.sql is for all others. Even so it is looked at
-- first, and locked only by whoever knows its secret. A row that was waited for is judged as it is then, not as it was when
-- the statement began.
WITH asked AS NOT MATERIALIZED (
    SELECT $1::bytea AS sid, $2::bytea AS secret, $3::bigint AS due_by, $4::bytea AS lease, $5::bigint AS lease_until,
        $6::bigint AS grace, $7::bigint AS now
), seen AS MATERIALIZED (
    SELECT s.*,
        NOT s.ended AND s.secret = asked.secret AND (asked.lease IS NOT NULL OR s.due_at <= asked.due_by) AS is_to_change
    FROM session_runtime_sessions s, asked WHERE s.sid = asked.sid
), locked AS MATERIALIZED (
    -- From here on nobody waits for the disk, not for the lock alone either. A crash may take the last of this away, and never
    -- what was committed after it: whoever loses a lease so has nothing applied, and who was not touched is so by the next request.
    SELECT s.*, set_config('synchronous_commit', 'off', true) = 'off' AS is_to_change
    FROM seen JOIN session_runtime_sessions s ON s.sid = seen.sid WHERE seen.is_to_change
    FOR NO KEY UPDATE OF s
), present AS (
    SELECT * FROM seen WHERE NOT is_to_change UNION ALL SELECT * FROM locked
), judged AS MATERIALIZED (
    SELECT p.*, p.due_at <= asked.due_by AS is_due,
        CASE
            WHEN asked.now > p.expires_at THEN 'unknown'
            WHEN p.ended AND asked.secret IN (p.secret, p.superseded_secret) THEN 'ended'
            WHEN p.superseded_secret = asked.secret AND asked.now - p.superseded_at <= asked.grace
                THEN CASE WHEN p.superseded_keeps_user THEN 'readable' ELSE 'superseded' END
            WHEN p.ended OR p.secret <> asked.secret THEN 'unknown'
            WHEN asked.lease IS NOT NULL AND p.lease IS NOT NULL AND asked.now <= p.lease_until THEN 'leased'
            ELSE 'alive'
        END AS standing
    FROM present p, asked
), changed AS (
    UPDATE session_runtime_sessions s SET
        lease = coalesce(asked.lease, s.lease),
        lease_until = CASE WHEN asked.lease IS NULL THEN s.lease_until ELSE asked.lease_until END,
        touched_at = CASE WHEN j.is_due THEN asked.now ELSE s.touched_at END,
        expires_at = CASE WHEN j.is_due THEN least(asked.now + s.idle, s.ends_at) ELSE s.expires_at END
    FROM judged j, asked
    WHERE s.sid = j.sid AND j.standing = 'alive' AND (asked.lease IS NOT NULL OR j.is_due)
    RETURNING s.touched_at, s.expires_at
)
SELECT j.standing, j.standing = 'alive' AND j.is_due AS touched,
    CASE WHEN j.standing IN ('alive', 'readable') THEN j.data::text END AS data,
    j.sid, j.generation, j.user_id, j.label, j.created_at,
    coalesce(c.touched_at, j.touched_at) AS touched_at, coalesce(c.expires_at, j.expires_at) AS expires_at
FROM judged j LEFT JOIN changed c ON true
