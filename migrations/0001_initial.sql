-- Clients, their rules and endpoints, and what was sent to them.
-- Ids are text: they come from callers ("acme") or are UUIDs of version 7, which sort by time.
-- Time is timestamptz throughout. Nothing here is ever dropped or truncated by a later migration.
-- depends:

CREATE TABLE clients (
    id          text PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 255),
    name        text NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
    enabled     boolean NOT NULL DEFAULT true,
    version     integer NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE rules (
    id          text PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 255),
    client_id   text NOT NULL REFERENCES clients (id),
    severity    text NOT NULL CHECK (severity IN ('LOW', 'MEDIUM', 'HIGH', 'CRITICAL', '*')),
    source      text NOT NULL CHECK (length(source) BETWEEN 1 AND 255),
    name        text NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
    description text NOT NULL DEFAULT '' CHECK (length(description) <= 1000),
    enabled     boolean NOT NULL DEFAULT true,
    version     integer NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    UNIQUE (client_id, severity, source, name)
);
-- Lists of one client's rules, page by page, newest last.
CREATE INDEX rules_client ON rules (client_id, id);

CREATE TABLE endpoints (
    id          text PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 255),
    rule_id     text NOT NULL REFERENCES rules (id) ON DELETE CASCADE,
    client_id   text NOT NULL REFERENCES clients (id),
    type        text NOT NULL CHECK (type IN ('email', 'slack', 'webhook')),
    value       text NOT NULL CHECK (length(value) BETWEEN 1 AND 2048),
    enabled     boolean NOT NULL DEFAULT true,
    version     integer NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    UNIQUE (rule_id, type, value)
);
CREATE INDEX endpoints_client ON endpoints (client_id, id);

-- One row: the version of the whole rule set. Whoever changes a rule updates it first and so holds its lock
-- until the commit; that makes the order of versions the order of commits, without gaps.
CREATE TABLE rules_version (
    only_row    boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    version     bigint NOT NULL
);
INSERT INTO rules_version (version) VALUES (0);

-- The log of truth and the outbox: one row per committed change set, written in the rules' own transaction.
-- changes is an array of {rule_id, client_id, action, version, updated_at, severity, source, name}; the last three
-- are absent when the action is DELETED or DISABLED.
CREATE TABLE rule_changes (
    version      bigint PRIMARY KEY,
    changes      jsonb NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    published_at timestamptz
);
CREATE INDEX rule_changes_unpublished ON rule_changes (version) WHERE published_at IS NULL;

CREATE TABLE notifications (
    id            uuid PRIMARY KEY,
    client_id     text NOT NULL,
    alert_id      text NOT NULL,
    severity      text NOT NULL,
    source        text NOT NULL,
    name          text NOT NULL,
    context       jsonb NOT NULL,
    event_at      timestamptz NOT NULL,
    rule_ids      text[] NOT NULL,
    rules_version bigint NOT NULL,
    status        text NOT NULL DEFAULT 'RECEIVED'
                  CHECK (status IN ('RECEIVED', 'SENT', 'PARTIAL', 'FAILED', 'NO_ENDPOINT')),
    created_at    timestamptz NOT NULL DEFAULT now(),
    finished_at   timestamptz,
    -- Promise 2: this decides what a duplicate is, and nothing else does.
    UNIQUE (client_id, alert_id)
);
CREATE INDEX notifications_client ON notifications (client_id, id);
-- What still has to be sent: the sweeper's list.
CREATE INDEX notifications_open ON notifications (created_at) WHERE status = 'RECEIVED';

CREATE TABLE deliveries (
    id              uuid PRIMARY KEY,
    notification_id uuid NOT NULL REFERENCES notifications (id) ON DELETE CASCADE,
    endpoint_id     text NOT NULL,
    client_id       text NOT NULL,
    -- A copy: what was sent where stays true when the endpoint is edited or deleted.
    type            text NOT NULL,
    value           text NOT NULL,
    status          text NOT NULL DEFAULT 'PENDING' CHECK (status IN ('PENDING', 'DELIVERED', 'FAILED')),
    attempts        integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL DEFAULT now(),
    -- A sender that took the row works on it until then; after that, another may.
    leased_until    timestamptz,
    last_status     integer,
    last_error      text,
    delivered_at    timestamptz,
    created_at      timestamptz NOT NULL DEFAULT now(),
    UNIQUE (notification_id, endpoint_id)
);
CREATE INDEX deliveries_due ON deliveries (next_attempt_at) WHERE status = 'PENDING';

CREATE TABLE delivery_attempts (
    delivery_id   uuid NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
    attempt       integer NOT NULL,
    started_at    timestamptz NOT NULL,
    latency_ms    double precision NOT NULL,
    status_code   integer,
    error         text,
    -- At most the first 1,024 bytes of what the receiver answered.
    response      text,
    PRIMARY KEY (delivery_id, attempt)
);

CREATE TABLE api_keys (
    id           text PRIMARY KEY,
    name         text NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
    prefix       text NOT NULL UNIQUE,
    -- SHA-256 of the whole key. Keys carry 256 random bits, so a slow hash would protect nothing more.
    key_hash     bytea NOT NULL,
    scope        text NOT NULL CHECK (scope IN ('admin', 'ingest') OR scope LIKE 'client:_%'),
    created_at   timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz,
    last_used_at timestamptz,
    revoked_at   timestamptz
);

CREATE TABLE audit_log (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at         timestamptz NOT NULL DEFAULT now(),
    -- The key's id, or 'cli'.
    actor      text NOT NULL,
    action     text NOT NULL,
    subject    text NOT NULL,
    subject_id text NOT NULL,
    client_id  text,
    detail     jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_log_subject ON audit_log (subject, subject_id, id);
