-- A row a session. What is in it may be read by whoever may read the table; nobody can log in with it.
CREATE TABLE session_runtime_sessions (
    sid bytea PRIMARY KEY,
    -- SHA-256 of the secret in the visitor's cookie, and of the one before.
    secret bytea NOT NULL,
    superseded_secret bytea,
    superseded_at bigint,
    superseded_keeps_user boolean,
    generation bigint NOT NULL DEFAULT 0,
    -- Each value is a string that holds the value's JSON text: jsonb itself refuses \u0000 and writes 1e5 as 100000.
    data jsonb NOT NULL,
    user_id text,
    label text,
    -- Unix seconds, and lengths in seconds, by the application's clock.
    created_at bigint NOT NULL,
    touched_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    idle bigint NOT NULL,
    ends_at bigint,
    lease bytea,
    lease_until bigint,
    -- What has ended is a tombstone until it expires.
    ended boolean NOT NULL DEFAULT false,
    -- When a tenth of the idle lifetime has passed since the session was touched.
    due_at bigint NOT NULL GENERATED ALWAYS AS (touched_at + greatest(1, idle / 10)) STORED,
    -- Purging finds rows by the hour. An index on the second would be written with each touch, and keep PostgreSQL from
    -- updating a row within its page (HOT), which fillfactor leaves room for.
    expires_hour bigint NOT NULL GENERATED ALWAYS AS (expires_at / 3600) STORED
) WITH (fillfactor = 70);

CREATE INDEX session_runtime_sessions_expires_hour ON session_runtime_sessions (expires_hour);

-- A hash: a user may be a text of any length, which a tree does not take.
CREATE INDEX session_runtime_sessions_user_id ON session_runtime_sessions USING hash (user_id)
    WHERE user_id IS NOT NULL;
