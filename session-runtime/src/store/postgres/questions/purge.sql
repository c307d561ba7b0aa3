-- One instance at a time, and nothing that a request has locked. The order makes PostgreSQL use the index: by its guess a
-- third of all rows have expired, and it would read the table instead.
WITH turn AS MATERIALIZED (
    SELECT pg_try_advisory_xact_lock(1936029541, 'session_runtime_sessions'::regclass::oid::int) AS is_ours
), expired AS MATERIALIZED (
    SELECT sid FROM session_runtime_sessions
    WHERE (SELECT is_ours FROM turn) AND expires_hour <= $1::bigint / 3600 AND expires_at < $1
    ORDER BY expires_hour
    LIMIT $2::bigint
    FOR UPDATE SKIP LOCKED
)
DELETE FROM session_runtime_sessions s USING expired WHERE s.sid = expired.sid
RETURNING s.sid
