-- POST /api/v1/match: the enabled rules for an alert, each of its fields exact or a wildcard.
-- depends: 0001_initial

CREATE INDEX rules_match ON rules (source, name, severity) WHERE enabled;
