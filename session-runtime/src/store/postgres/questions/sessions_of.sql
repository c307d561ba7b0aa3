SELECT sid, generation, user_id, label, created_at, touched_at, expires_at
FROM session_runtime_sessions
WHERE user_id = $1::text AND NOT ended AND $2::bigint <= expires_at
ORDER BY created_at, sid
