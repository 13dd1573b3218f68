-- Sessions of browsers: a random token in a cookie stands for an API key, and ends with it at the latest.
-- A service of the version before does not look here; it wants the key itself.
-- depends: 0003_reliable_delivery

CREATE TABLE sessions (
    -- SHA-256 of the token, which carries 256 random bits.
    token_hash bytea PRIMARY KEY,
    key_id     text NOT NULL REFERENCES api_keys (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    -- Moves on while the session is used.
    expires_at timestamptz NOT NULL
);
-- Those of one key, of which only the newest are kept; and those that are over.
CREATE INDEX sessions_key ON sessions (key_id, created_at);
CREATE INDEX sessions_expired ON sessions (expires_at);
