UPDATE session_runtime_sessions SET
    ended = true, data = '{}', user_id = NULL, label = NULL, lease = NULL, lease_until = NULL,
    expires_at = $2::bigint + $3::bigint
WHERE sid = $1::bytea AND NOT ended AND $2 <= expires_at
RETURNING sid
