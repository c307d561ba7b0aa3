-- The row is locked first, so that of parallel takes each sees what the one before has left.
WITH asked AS NOT MATERIALIZED (
    SELECT $1::bytea AS sid, $2::bigint AS generation, $3::text[] AS names, $4::bigint AS now
), locked AS MATERIALIZED (
    SELECT s.* FROM session_runtime_sessions s, asked WHERE s.sid = asked.sid FOR NO KEY UPDATE OF s
), judged AS MATERIALIZED (
    SELECT l.sid, l.data,
        CASE
            WHEN l.ended OR asked.now > l.expires_at THEN 'gone'
            WHEN l.generation <> asked.generation THEN 'superseded'
            ELSE 'taken'
        END AS outcome
    FROM locked l, asked
), changed AS (
    UPDATE session_runtime_sessions s SET data = s.data - asked.names
    FROM judged j, asked WHERE s.sid = j.sid AND j.outcome = 'taken' AND j.data ?| asked.names
)
SELECT j.outcome, CASE WHEN j.outcome = 'taken' THEN (
        SELECT coalesce(jsonb_object_agg(v.key, v.value), '{}')::text FROM jsonb_each(j.data) v WHERE v.key = ANY (asked.names)
    ) END AS data
FROM judged j, asked
