-- Lists of clients, rules and endpoints are searched and sorted; the log of changes is read.
-- Each index is made while nobody writes to its table, which takes some seconds with a million rules. They are as large as
-- table and indexes were before, and a rule that is inserted costs 60 µs in place of 20 (10,000 at once).
-- depends: 0004_sessions

-- Parts of words. It is trusted: whoever owns the database may create it.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- What lists can be sorted by; the id breaks ties.
CREATE INDEX clients_by_name ON clients (lower(name), id);
CREATE INDEX clients_by_creation ON clients (created_at, id);
CREATE INDEX rules_by_source ON rules (source, id);
CREATE INDEX rules_by_name ON rules (name, id);
CREATE INDEX rules_by_severity ON rules (array_position(ARRAY['*', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'], severity), id);
CREATE INDEX rules_by_update ON rules (updated_at, id);
CREATE INDEX endpoints_by_type ON endpoints (type, id);
CREATE INDEX endpoints_by_update ON endpoints (updated_at, id);

-- What is searched: the texts of a row, each behind a space, so that the beginning of one can be asked for.
CREATE INDEX clients_text ON clients USING gin (lower(' ' || id || ' ' || name) gin_trgm_ops);
CREATE INDEX rules_text ON rules
    USING gin (lower(' ' || id || ' ' || source || ' ' || name || ' ' || description) gin_trgm_ops);
CREATE INDEX endpoints_text ON endpoints USING gin (lower(' ' || id || ' ' || rule_id || ' ' || value) gin_trgm_ops);

-- What is rare and looked for.
CREATE INDEX rules_disabled ON rules (id) WHERE NOT enabled;
CREATE INDEX endpoints_disabled ON endpoints (id) WHERE NOT enabled;
CREATE INDEX receivers_failing ON receivers (client_id) WHERE failing_since IS NOT NULL;

-- The log of changes: of a client, and of all.
CREATE INDEX audit_log_client ON audit_log (client_id, subject, id);
CREATE INDEX audit_log_kind ON audit_log (subject, id);
