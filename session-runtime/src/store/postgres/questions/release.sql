UPDATE session_runtime_sessions SET lease = NULL, lease_until = NULL WHERE sid = $1::bytea AND lease = $2::bytea
