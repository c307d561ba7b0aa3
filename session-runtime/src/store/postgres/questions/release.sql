-- Nobody waits for the disk: a lease that a crash brings back expires.
UPDATE session_runtime_sessions SET lease = NULL, lease_until = NULL WHERE sid = $1::bytea AND lease = $2::bytea
RETURNING set_config('synchronous_commit', 'off', true)
