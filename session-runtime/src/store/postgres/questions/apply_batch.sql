-- apply.sql, for several sessions at once, which wait for the disk once. It removes nothing, and expects no value to be absent.
-- What another has locked is passed over, and asked for alone: a batch that waited for one session would keep the others
-- waiting, and two batches could wait for each other in a circle.
WITH free AS MATERIALIZED (
    SELECT asked.place, asked.set, asked.lease, s.sid
    FROM unnest($1::bytea[], $2::bigint[], $3::bigint[], $4::text[], $5::bytea[], $6::text[])
        WITH ORDINALITY AS asked (sid, generation, now, set, lease, expected, place)
    JOIN session_runtime_sessions s ON s.sid = asked.sid
    WHERE s.generation = asked.generation AND NOT s.ended AND asked.now <= s.expires_at
        AND (asked.lease IS NULL OR s.lease = asked.lease)
        AND (asked.expected IS NULL OR s.data @> asked.expected::jsonb)
    FOR NO KEY UPDATE OF s SKIP LOCKED
)
UPDATE session_runtime_sessions s SET
    data = s.data || free.set::jsonb,
    lease = CASE WHEN free.lease IS NULL THEN s.lease END,
    lease_until = CASE WHEN free.lease IS NULL THEN s.lease_until END
FROM free WHERE s.sid = free.sid
RETURNING free.place
