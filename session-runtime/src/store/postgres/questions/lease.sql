-- The ordinary opening with a lease: the session is alive, nobody has a lease of it, and its life need not be extended. Where it
-- finds no row open.sql is asked, which tells why, and costs the server twice as much. Only the row is looked at, as in apply.sql.
UPDATE session_runtime_sessions SET lease = $4::bytea, lease_until = $5::bigint
WHERE sid = $1::bytea AND secret = $2::bytea AND superseded_secret IS DISTINCT FROM $2
    AND NOT ended AND $6::bigint <= expires_at AND due_at > $3::bigint AND (lease IS NULL OR lease_until < $6)
RETURNING 'alive' AS standing, false AS touched,
    data::text AS data, sid, generation, user_id, label, created_at, touched_at, expires_at,
    -- Nobody waits for the disk, as in open.sql.
    set_config('synchronous_commit', 'off', true)
