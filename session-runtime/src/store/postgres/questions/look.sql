-- What is asked of most requests: a session of which nothing is to be changed. A row by its key, and none of what it takes to
-- lock one: that costs the server three times as much. Where its life is due to be extended, open.sql is asked.
SELECT
    CASE
        WHEN $5::bigint > expires_at THEN 'unknown'
        WHEN ended THEN 'ended'
        WHEN superseded_secret = $2 AND $5 - superseded_at <= $4::bigint
            THEN CASE WHEN superseded_keeps_user THEN 'readable' ELSE 'superseded' END
        WHEN secret <> $2 THEN 'unknown'
        WHEN due_at <= $3::bigint THEN 'due'
        ELSE 'alive'
    END AS standing,
    false AS touched,
    data::text AS data, sid, generation, user_id, label, created_at, touched_at, expires_at
FROM session_runtime_sessions
WHERE sid = $1::bytea AND $2::bytea IN (secret, superseded_secret)
