"""A real PostgreSQL, broken on purpose."""

import re
import secrets as random
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from alerting.doctor import kafka_facts, postgres_facts
from alerting.doctor.examination import examine
from alerting.doctor.facts import Facts
from alerting.doctor.finding import Finding
from alerting.runtime.auth import new_key
from alerting.runtime.config import Settings
from alerting.runtime.migrate import LOCK
from fix_archive import Archive
from fix_doctor import found
from fix_tls import Authority, tls_before

CHECKS = [
    "postgres.reachable", "postgres.writable", "postgres.tls", "postgres.role", "postgres.extensions",
    "postgres.migrations", "postgres.connections", "postgres.vacuum", "postgres.retention", "clocks.postgres",
    "deliveries.overdue", "deliveries.unplanned", "outbox.lag",
]  # fmt: skip


def looked_at(dsn: str) -> Facts:
    facts = Facts(now=datetime.now(UTC), retention_days=30)
    postgres_facts.look(Settings.model_validate({"postgres_dsn": dsn}), facts.postgres)
    return facts


def look(dsn: str, check: str) -> Finding:
    return found(looked_at(dsn), check)


def run(dsn: str, query: str, *parameters: object) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(query.encode(), parameters or None)


def test_nothing_is_wrong_with_a_new_one(database: str) -> None:
    facts = looked_at(database)
    assert {check: found(facts, check).status for check in CHECKS} == dict.fromkeys(CHECKS, "ok")


@pytest.fixture
def empty(postgres: str) -> str:
    name = f"empty_{random.token_hex(6)}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return make_conninfo(postgres, dbname=name)


def test_a_schema_that_is_missing_hides_nothing_that_is_there(empty: str) -> None:
    facts = looked_at(empty)
    assert found(facts, "postgres.migrations").status == "fail"
    assert "0001_initial" in found(facts, "postgres.migrations").found
    assert found(facts, "postgres.extensions").status == "fail"
    assert found(facts, "postgres.connections").status == "ok"
    assert found(facts, "keys.admin").status == "skipped"
    assert '"api_keys" does not exist' in found(facts, "keys.admin").found


def test_a_migration_that_was_not_applied(database: str) -> None:
    run(database, "DELETE FROM _yoyo_migration WHERE migration_id = '0002_rules_match_index'")
    assert look(database, "postgres.migrations").found == "not applied: 0002_rules_match_index"


def test_a_migration_of_a_newer_version(database: str) -> None:
    run(
        database,
        """
        INSERT INTO _yoyo_migration (migration_hash, migration_id, applied_at_utc)
        VALUES ('0', '9999_later', now())
        """,
    )
    finding = look(database, "postgres.migrations")
    assert (finding.status, "9999_later" in finding.found) == ("warn", True)


def test_a_migration_that_is_under_way(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
        assert look(database, "postgres.migrations").found == "a migration is under way"


@pytest.fixture
def role(database: str) -> str:
    """A role that may log in and nothing else; its DSN."""
    name = f"role_{random.token_hex(6)}"
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD 's3cr3t-w0rd'").format(sql.Identifier(name)))
    return make_conninfo(database, user=name, password="s3cr3t-w0rd")


def test_a_role_that_may_nothing(role: str) -> None:
    facts = looked_at(role)
    finding = found(facts, "postgres.role")
    assert finding.status == "fail"
    assert "api_keys" in finding.found
    assert "notifications" in finding.found
    assert found(facts, "keys.admin").found == "permission denied for table api_keys"
    assert found(facts, "postgres.reachable").status == "ok"


def test_a_role_that_may_what_it_needs(role: str, database: str) -> None:
    name = str(conninfo_to_dict(role)["user"])
    assert re.fullmatch(r"\w+", name)
    run(database, f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}")
    assert look(role, "postgres.role").status == "ok"


def test_a_wrong_password_is_told_and_not_shown(role: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kafka_facts, "_SECONDS", 0.5)
    monkeypatch.setenv("ALERTING_POSTGRES_DSN", make_conninfo(role, password="guessed-wrong"))
    monkeypatch.setenv("ALERTING_REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setenv("ALERTING_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1")
    facts = examine()
    finding = found(facts, "postgres.reachable")
    assert finding.status == "fail"
    assert "password authentication failed" in finding.found
    assert "guessed-wrong" not in finding.found
    assert found(facts, "postgres.migrations").found == "PostgreSQL does not let us in"
    assert found(facts, "redis.reachable").status == "fail"
    assert "refused" in found(facts, "redis.reachable").found.lower()
    assert found(facts, "kafka.reachable").status == "fail"


def test_an_encrypted_way(database: str, authority: Authority) -> None:
    at = conninfo_to_dict(database)
    with tls_before(int(str(at["port"])), authority.context, postgres=True) as port:
        encrypted = make_conninfo(database, port=port, sslmode="verify-full", sslrootcert=str(authority.ca_file))
        assert look(encrypted, "postgres.tls").found == "the connection is encrypted"


def test_what_is_old_is_told(database: str) -> None:
    Archive(database).add(days=40.0)
    finding = look(database, "postgres.retention")
    assert (finding.status, "40.0 days" in finding.found) == ("warn", True)


def test_deliveries_that_nobody_takes(database: str) -> None:
    Archive(database).add(3, days=0.1, status="RECEIVED", delivery="PENDING")
    assert look(database, "deliveries.overdue").status == "ok"
    run(database, "UPDATE deliveries SET next_attempt_at = now() - interval '2 minutes'")
    finding = look(database, "deliveries.overdue")
    assert (finding.status, finding.found.startswith("3 are due, the oldest for 12")) == ("warn", True)
    run(database, "UPDATE deliveries SET next_attempt_at = now() - interval '1 hour'")
    assert look(database, "deliveries.overdue").status == "fail"
    run(database, "UPDATE deliveries SET leased_until = now() + interval '1 minute'")
    assert look(database, "deliveries.overdue").status == "ok"


def test_notifications_that_nobody_plans(database: str) -> None:
    Archive(database).add(2, days=0.1, status="RECEIVED", delivery=None)
    finding = look(database, "deliveries.unplanned")
    assert (finding.status, finding.found.startswith("2 wait")) == ("fail", True)


def test_changes_that_nobody_publishes(database: str) -> None:
    run(database, "INSERT INTO rule_changes (version, changes, created_at) VALUES (1, '[]', now() - interval '1 hour')")
    finding = look(database, "outbox.lag")
    assert (finding.status, finding.found) == ("fail", "1 are not published, the oldest for 3,600 s")


def add_key(dsn: str, scope: str, *, expires_in: timedelta | None = None, used: bool = True) -> None:
    made = new_key()
    expires_at = None if expires_in is None else datetime.now(UTC) + expires_in
    run(
        dsn,
        """
        INSERT INTO api_keys (id, name, prefix, key_hash, scope, expires_at, last_used_at)
        VALUES (%s, 'a key', %s, %s, %s, %s, now() - %s::interval)
        """,
        made.prefix,
        made.prefix,
        made.key_hash,
        scope,
        expires_at,
        "1 day" if used else "90 days",
    )


def test_keys_that_are_missing_and_keys_that_end(database: str) -> None:
    add_key(database, "admin", expires_in=timedelta(seconds=-1))
    assert look(database, "keys.admin").status == "fail"
    assert look(database, "keys.ingest").status == "warn"
    add_key(database, "admin", expires_in=timedelta(days=3))
    assert look(database, "keys.admin").status == "warn"
    assert look(database, "keys.expiring").status == "warn"
    add_key(database, "admin")
    add_key(database, "ingest", expires_in=timedelta(days=3), used=False)
    assert look(database, "keys.admin").status == "ok"
    assert look(database, "keys.ingest").status == "ok"
    assert "ingest" not in look(database, "keys.expiring").found
