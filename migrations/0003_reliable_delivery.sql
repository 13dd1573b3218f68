-- How persistently each endpoint is tried, with what its deliveries are signed, and how it fares.
-- A sender of the version before works on with it: whatever is new has a default.
-- depends: 0002_rules_match_index

ALTER TABLE endpoints
    DROP CONSTRAINT endpoints_type_check,
    ADD CONSTRAINT endpoints_type_check CHECK (type IN ('email', 'slack', 'webhook', 'apprise')),
    ADD COLUMN retry_profile text NOT NULL DEFAULT 'standard',
    -- Seconds before each repetition; with the profile 'custom' only.
    ADD COLUMN retry_delays double precision[],
    -- Seconds until a delivery expires; the profile's own when absent.
    ADD COLUMN max_age integer CHECK (max_age BETWEEN 60 AND 604800),
    -- Only addressed when another endpoint of its rule could not be reached, or there is no other.
    ADD COLUMN fallback boolean NOT NULL DEFAULT false,
    -- 244 random bits of two UUIDs of version 4, as Standard Webhooks writes a secret.
    ADD COLUMN secret text NOT NULL DEFAULT 'whsec_' || encode(
        decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'), 'base64'
    ),
    -- Still valid until then: what was rotated out.
    ADD COLUMN previous_secret text,
    ADD COLUMN previous_secret_until timestamptz,
    -- Why the platform disabled it; absent when a person did.
    ADD COLUMN disabled_reason text,
    ADD CONSTRAINT endpoints_retry_check CHECK (
        retry_profile IN ('standard', 'page') AND retry_delays IS NULL
        OR retry_profile = 'custom' AND cardinality(retry_delays) BETWEEN 1 AND 20
    );
-- All endpoints of a client with one address: they share a secret, and are disabled together.
CREATE INDEX endpoints_address ON endpoints (client_id, type, md5(value));

-- An address of a client that fails: written when it does, so that most addresses have no row.
CREATE TABLE receivers (
    id              uuid PRIMARY KEY,
    client_id       text NOT NULL,
    type            text NOT NULL,
    value           text NOT NULL,
    -- Since then, nothing but failures; absent when the last attempt succeeded.
    failing_since   timestamptz,
    failures        integer NOT NULL DEFAULT 0,
    last_failure_at timestamptz,
    last_error      text,
    -- The circuit breaker: deliveries wait until then.
    open_until      timestamptz
);

ALTER TABLE deliveries
    DROP CONSTRAINT deliveries_status_check,
    ADD CONSTRAINT deliveries_status_check CHECK (status IN ('PENDING', 'DELIVERED', 'FAILED', 'EXPIRED')) NOT VALID,
    ADD COLUMN expires_at timestamptz NOT NULL DEFAULT now() + interval '24 hours',
    -- Attempts made before somebody asked for it to be sent again: the schedule begins after them.
    ADD COLUMN attempts_before integer NOT NULL DEFAULT 0,
    -- The receiver answers as one that is set up wrongly does.
    ADD COLUMN configuration_error boolean NOT NULL DEFAULT false;

-- What was done with messages in the topics of dead letters: a topic cannot forget one message of its middle.
CREATE TABLE dead_letter_actions (
    topic      text NOT NULL,
    partition  integer NOT NULL,
    "offset"   bigint NOT NULL,
    action     text NOT NULL CHECK (action IN ('REPLAYED', 'DROPPED')),
    at         timestamptz NOT NULL DEFAULT now(),
    -- The key's id, or 'cli'.
    actor      text NOT NULL,
    PRIMARY KEY (topic, partition, "offset")
);
