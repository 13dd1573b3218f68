"""Every check, in the order of the report, with what it looks at and what to do: docs/doctor.md has the same table."""

from typing import Final, NamedTuple


class Check(NamedTuple):
    """One question about a deployment."""

    looks_at: str
    remedy: str
    """What to do when the answer is bad, in general; a finding may know better."""


CHECKS: Final = {
    "settings.values": Check(
        "whether every service's settings can be read, from the environment and the files of ALERTING_SECRETS_DIR",
        "set the variables that are named to what is asked for: the services stop at their start until then",
    ),
    "settings.unknown": Check(
        "`ALERTING_*` variables and files that no service reads, such as misspelt ones",
        "rename or remove what is named",
    ),
    "postgres.reachable": Check(
        "whether the role of ALERTING_POSTGRES_DSN gets in, and the server's version (15 or newer)",
        "start PostgreSQL, or correct ALERTING_POSTGRES_DSN and ALERTING_POSTGRES_PASSWORD; "
        '`psql "$ALERTING_POSTGRES_DSN"` tells the same',
    ),
    "postgres.writable": Check(
        "whether it is the primary, and not a read-only copy",
        "let ALERTING_POSTGRES_DSN lead to the primary: `target_session_attrs=read-write` finds it among several hosts",
    ),
    "postgres.tls": Check(
        "whether the connection is encrypted, unless it stays on this machine",
        "add `sslmode=verify-full&sslrootcert=/path/ca.pem` to ALERTING_POSTGRES_DSN",
    ),
    "postgres.role": Check(
        "whether the role may read and write every table, and is no superuser",
        "`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO <role>`",
    ),
    "postgres.extensions": Check(
        "`pg_trgm` and `btree_gin`, which the migrations create",
        "install the server's contrib package (`postgresql-contrib`), then `alerting migrate`",
    ),
    "postgres.migrations": Check(
        "migrations that are missing, under way, or of a newer version",
        "`alerting migrate`",
    ),
    "postgres.connections": Check(
        "connections in use beside `max_connections`",
        "raise `max_connections`, lower ALERTING_POSTGRES_POOL_SIZE, or run fewer processes",
    ),
    "postgres.vacuum": Check(
        "autovacuum, and tables with many dead rows",
        "`ALTER SYSTEM SET autovacuum = on; SELECT pg_reload_conf()`, then `VACUUM (ANALYZE)` of the tables named",
    ),
    "postgres.retention": Check(
        "finished notifications that are older than ALERTING_RETENTION_DAYS by more than a day",
        "look for `a batch was too slow` and `waiting` in the log of `alerting sender`, which removes them",
    ),
    "redis.reachable": Check(
        "whether ALERTING_REDIS_URL is answered, and the server's version (6.2 or newer)",
        "start Redis or Valkey, or correct ALERTING_REDIS_URL, ALERTING_REDIS_PASSWORD and ALERTING_REDIS_CA_FILE",
    ),
    "redis.writable": Check(
        "whether it is a primary, in one piece and not in slots, and has loaded its data",
        "let ALERTING_REDIS_URL lead to a primary that is not in cluster mode",
    ),
    "redis.tls": Check(
        "whether the connection is encrypted, unless it stays on this machine",
        "let ALERTING_REDIS_URL begin with `rediss://`; ALERTING_REDIS_CA_FILE names the certificates to check by",
    ),
    "redis.persistence": Check(
        "whether what is written survives a restart: without it, alerts that still fire notify once more",
        "`redis-cli CONFIG SET appendonly yes`, and the same in the server's configuration",
    ),
    "redis.memory": Check(
        "what goes when memory is short: no `allkeys-*`, which would take the rule set; and how much is left",
        "`redis-cli CONFIG SET maxmemory-policy noeviction`, and the same in the server's configuration",
    ),
    "rules.base": Check(
        "the rule set in Redis: there, whole, with the right checksum, and such as matchcore opens",
        "start `alerting rule-updater`, which writes it anew; its log says why it does not",
    ),
    "rules.version": Check(
        "the rule set's version beside PostgreSQL's",
        "see the log of `alerting rule-updater`; where Redis is ahead for long after a database was restored, "
        "`redis-cli DEL rules:version`",
    ),
    "rules.lease": Check(
        "whether a rule-updater holds the right to write the rule set",
        "start `alerting rule-updater`",
    ),
    "kafka.reachable": Check(
        "whether a broker of ALERTING_KAFKA_BOOTSTRAP_SERVERS lets us in, and how many there are",
        "start the broker, or correct ALERTING_KAFKA_BOOTSTRAP_SERVERS, ALERTING_KAFKA_SECURITY_PROTOCOL, "
        "ALERTING_KAFKA_SASL_* and ALERTING_KAFKA_CA_FILE",
    ),
    "kafka.tls": Check(
        "whether the connection is encrypted, unless it stays on this machine",
        "set ALERTING_KAFKA_SECURITY_PROTOCOL to `ssl` or `sasl_ssl`, and ALERTING_KAFKA_CA_FILE",
    ),
    "kafka.topics": Check(
        "whether every topic is there, with the partitions, copies and settings that are asked for",
        "`alerting topics create` makes those that are missing; `alerting topics check` compares",
    ),
    "kafka.replicas": Check(
        "partitions without a leader, with copies that are behind, or one copy or acknowledgement on several brokers",
        "start the brokers that are missing: `kafka-topics.sh --describe --under-replicated-partitions`",
    ),
    "kafka.retention": Check(
        "for how long messages are kept: a day at least, and not for longer than notifications are",
        "`kafka-configs.sh --alter --entity-type topics --entity-name <topic> --add-config retention.ms=604800000`",
    ),
    "kafka.auto_create": Check(
        "whether the broker makes topics by itself, with its own number of partitions",
        "set `auto.create.topics.enable=false` on the brokers, and make topics with `alerting topics create`",
    ),
    "kafka.groups": Check(
        "whether every topic has a consumer, as the broker sees it",
        "start the service that is named; its log says why it is not let in",
    ),
    "kafka.lag": Check(
        "messages that wait for a consumer, more than 10,000 of one topic",
        "start more of the service that is named, up to the number of partitions",
    ),
    "kafka.dead_letters": Check(
        "messages that were refused, and not replayed or dropped since",
        "`alerting dlq list`, then `alerting dlq replay` or `alerting dlq drop`",
    ),
    "keys.admin": Check(
        "at least one valid admin key, and one that lasts for two weeks",
        "`alerting keys create --scope admin --name <what for>`",
    ),
    "keys.ingest": Check(
        "at least one valid key of the scope `ingest`, so that senders need not have an admin's",
        "`alerting keys create --scope ingest --name <sender>`",
    ),
    "keys.expiring": Check(
        "keys that are in use and end within two weeks",
        "make another with `alerting keys create`, hand it over, then `alerting keys revoke <id>` the old one",
    ),
    "clocks.postgres": Check(
        "this machine's clock beside PostgreSQL's: a second apart, or half a minute",
        "run an NTP client such as chrony on both: `chronyc tracking`, `timedatectl`",
    ),
    "clocks.redis": Check(
        "this machine's clock beside Redis's",
        "run an NTP client such as chrony on both: `chronyc tracking`, `timedatectl`",
    ),
    "clocks.services": Check(
        "the clock of every service's machine beside Redis's, by its heartbeat",
        "run an NTP client such as chrony on the machines named: `chronyc tracking`, `timedatectl`",
    ),
    "services.alive": Check(
        "a heartbeat of every service that alerts and rules need, and of metrics",
        "start the services that are named, with `alerting <service>`; their logs say why they ended",
    ),
    "services.versions": Check(
        "whether all processes, and this command, are of one version",
        "finish the deployment: restart the instances named with the newer image or package",
    ),
    "services.rules": Check(
        "whether every evaluator matches with the newest rule set",
        "see `rule set` in the log of the evaluator named; restarting it makes it load the rule set anew",
    ),
    "services.ready": Check(
        "`/readyz` of each address of ALERTING_*_URL and of `--url`",
        "the answer names what the service cannot reach; the other checks say why",
    ),
    "deliveries.overdue": Check(
        "deliveries that nobody has taken although they are due: for a minute, or a quarter of an hour",
        "start `alerting sender`, or more of them; see ALERTING_ATTEMPTS_IN_FLIGHT",
    ),
    "deliveries.unplanned": Check(
        "notifications that have had no delivery for five minutes",
        "start `alerting sender`, which sweeps them up; see its log",
    ),
    "outbox.lag": Check(
        "changes of rules that were not published for half a minute",
        "start `alerting rule-service`; `waiting` in its log says what it cannot reach",
    ),
    "mail.server": Check(
        "SMTP: the server answers, with STARTTLS and log-in as the settings want them (no mail is sent); "
        "SES: the account may send",
        "correct ALERTING_SMTP_HOST, ALERTING_SMTP_PORT and ALERTING_SMTP_STARTTLS, or ALERTING_SES_REGION",
    ),
    "delivery.addresses": Check(
        "private networks that webhooks may reach: none that has a cloud's metadata or everything in it",
        "narrow ALERTING_ALLOWED_NETWORKS to the networks of your receivers; unset ALERTING_ALLOW_INSECURE_ENDPOINTS",
    ),
    "local.disk": Check(
        "the disk of `--data-dir`: a gigabyte and a tenth left",
        "make room, or move the directory",
    ),
}
