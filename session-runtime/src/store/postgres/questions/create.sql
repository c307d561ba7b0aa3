INSERT INTO session_runtime_sessions
    (sid, secret, data, user_id, label, created_at, touched_at, expires_at, idle, ends_at)
SELECT $1::bytea, $2::bytea, jsonb_object($3::text[], $4::text[]), $5::text, $6::text,
    $7::bigint, $7, least($7 + $8::bigint, $9::bigint), $8, $9
ON CONFLICT (sid) DO NOTHING
RETURNING sid
