-- The ordinary commit: values are set and removed, and nothing else changes. Where it finds no row commit.sql is asked, which
-- tells why, and costs the server twice as much. What is looked at is the row and nothing but the row: after waiting for it
-- PostgreSQL looks again at what has become of the row, and not at what a sub-select has found elsewhere.
UPDATE session_runtime_sessions SET
    data = data - $4::text[] || jsonb_object($5::text[], $6::text[]),
    lease = CASE WHEN $7::bytea IS NULL THEN lease END,
    lease_until = CASE WHEN $7::bytea IS NULL THEN lease_until END
WHERE sid = $1::bytea AND generation = $2::bigint AND NOT ended AND $3::bigint <= expires_at
    AND ($7::bytea IS NULL OR lease = $7)
    -- The values that were loaded, each byte for byte, and the names that had none.
    AND data @> jsonb_object($8::text[], $9::text[]) AND NOT data ?| $10::text[]
RETURNING sid
