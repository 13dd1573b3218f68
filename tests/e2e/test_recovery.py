"""The steps of docs/operations/backup-and-recovery.md, on real servers."""

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from alerting.events.v1 import AlertMatched, Severity
from alerting.local.kafka import KafkaServer
from alerting.local.postgres import program as postgres_program
from alerting.runtime import topics
from alerting.runtime.broker.kafka import KafkaProducer
from alerting.runtime.config import Settings
from alerting.runtime.topic_settings import TopicSettings
from alerting.runtime.topics_admin import create_topics
from fix_guide import blocks, guide, shell
from fix_http import make_key
from fix_process import BOUND, ServiceProcess, eventually, running
from fix_rule_book import RuleBook
from fix_servers import Platform

PAGE = guide("docs/operations/backup-and-recovery.md")
BACKUP, RESTORE, MIGRATE, REWIND, FLUSH, TOPICS = blocks(PAGE, "sh")
(REWIND_PY,) = blocks(PAGE, "python")


def environment(dsn: str, folder: Path) -> dict[str, str]:
    """Say where the database is as the page tells to, with the tools of the running server's version on the path."""
    server = conninfo_to_dict(dsn)
    passwords = folder / "pgpass"
    passwords.touch(mode=0o600)
    passwords.write_text(f"*:*:*:*:{server['password']}\n")
    return {
        **{f"PG{name.upper()}": str(server[name]) for name in ("host", "port", "user")},
        "PGDATABASE": str(server["dbname"]),
        "PGPASSFILE": str(passwords),
        "PATH": f"{Path(postgres_program('pg_dump')).parent}:{Path(sys.executable).parent}:{os.environ['PATH']}",
    }


def match(settings: Settings, *alert_ids: str) -> None:
    """Have these alerts matched for a client, as an evaluator does."""
    with closing(KafkaProducer(settings)) as producer:
        for alert_id in alert_ids:
            fields: dict[str, Any] = {"alert_id": alert_id, "event_ts": 1_700_000_000, "client_id": "acme"}
            found = AlertMatched(**fields, severity=Severity.HIGH, source="db", name="Down", rule_ids=["r1"])
            producer.send(topics.ALERTS_MATCHED, b"acme", found.SerializeToString())


def alerts(dsn: str) -> list[str]:
    with psycopg.connect(dsn, autocommit=True) as connection:
        return [row[0] for row in connection.execute("SELECT alert_id FROM notifications ORDER BY alert_id").fetchall()]


def version(platform: Platform) -> int:
    """Return the version of the rule set in Redis."""
    with closing(platform.redis()) as redis:
        return int(redis.get("rules:version") or -1)


@pytest.fixture
def book(database: str) -> Iterator[RuleBook]:
    with closing(RuleBook(database)) as book:
        yield book


def restored(platform: Platform) -> tuple[str, Mapping[str, str]]:
    """Return the restored database's DSN, and the environment of services that use it."""
    dsn = make_conninfo(platform.dsn, dbname="restored")
    return dsn, {**platform.env, "ALERTING_POSTGRES_DSN": dsn}


@pytest.fixture
def no_restored_database(platform: Platform) -> Iterator[None]:
    """Take away what the page's commands make, under the page's name."""
    yield
    with psycopg.connect(platform.dsn, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS restored WITH (FORCE)")


def test_a_database_is_restored_and_what_it_forgot_recorded_again(
    platform: Platform, book: RuleBook, tmp_path: Path, no_restored_database: None
) -> None:
    settings = platform.settings(Settings)
    env = environment(platform.dsn, tmp_path)
    book.put(("r1", "acme", "HIGH", "db", "*"))
    with running("aggregator", platform.env):
        match(settings, "a1")
        eventually(lambda: alerts(platform.dsn) == ["a1"], "the first notification")
        shell(BACKUP, tmp_path, env)
        match(settings, "a2", "a3")
        eventually(lambda: alerts(platform.dsn) == ["a1", "a2", "a3"], "three notifications")
    book.put(("r2", "acme", "LOW", "db", "*"))
    with running("rule-updater", platform.env):
        eventually(lambda: version(platform) == 2, "both changes in Redis")

    shell(RESTORE, tmp_path, env)
    dsn, services = restored(platform)
    assert shell(MIGRATE, tmp_path, {**env, **services}) == "nothing to do\n"
    assert alerts(dsn) == ["a1"]
    with running("rule-updater", services):
        eventually(lambda: version(platform) == 1, "the restored database's version in Redis")

    (tmp_path / "rewind.py").write_text(REWIND_PY)
    told = shell(REWIND, tmp_path, {**env, **services})
    assert any(line.endswith(": 0") for line in told.splitlines())
    with running("aggregator", services):
        eventually(lambda: alerts(dsn) == ["a1", "a2", "a3"], "what was forgotten is recorded again")


def test_an_empty_redis_is_filled_again(platform: Platform, book: RuleBook, tmp_path: Path) -> None:
    book.put(("r1", "acme", "HIGH", "db", "*"))
    cli = Path(shutil.which("redis-cli") or tmp_path / "redis-cli")
    if not cli.exists():
        # The page's command is a standard tool's; where it is not installed, its protocol is.
        cli.write_text(
            f"#!{sys.executable}\nimport sys, redis\nredis.Redis.from_url(sys.argv[2]).execute_command(*sys.argv[3:])\n"
        )
        cli.chmod(0o755)
    with running("rule-updater", platform.env):
        eventually(lambda: version(platform) == 1, "the rules in Redis")
        shell(FLUSH, tmp_path, {**platform.env, "PATH": f"{cli.parent}:{os.environ['PATH']}"})
        eventually(lambda: version(platform) == 1, "the rules in Redis, again")


def test_an_empty_broker_is_taken_up(database: str, redis_url: str, tmp_path: Path) -> None:
    broker = KafkaServer(tmp_path / "kafka")
    broker.start()
    try:
        env = {
            "ALERTING_KAFKA_BOOTSTRAP_SERVERS": broker.bootstrap_servers,
            "ALERTING_KAFKA_SESSION_TIMEOUT": "6",
            "ALERTING_POSTGRES_DSN": database,
            "ALERTING_REDIS_URL": redis_url,
        }
        settings = TopicSettings(kafka_bootstrap_servers=broker.bootstrap_servers)
        create_topics(settings)
        with running("ingest", env) as ingest:
            with running("aggregator", env) as aggregator:
                ingest.await_ready()
                match(settings, "a1")
                eventually(lambda: alerts(database) == ["a1"], "a notification")
                accept(ingest, database)
                broker.stop()
                shutil.rmtree(broker.dir / "data")
                broker.start()
                path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
                made = shell(TOPICS, tmp_path, {**env, "PATH": path})
                assert "made alerts.matched" in made.splitlines()
                assert aggregator.end() == 1
            with running("aggregator", env):
                match(settings, "a2")
                eventually(lambda: alerts(database) == ["a1", "a2"], "the aggregator begins at the start")
            accept(ingest, database)
    finally:
        broker.stop()


def accept(ingest: ServiceProcess, dsn: str) -> None:
    """Hand in an alert; who was away for a moment is asked again."""
    url = f"http://127.0.0.1:{ingest.port}/api/v1/alerts"
    alert = {"severity": "HIGH", "source": "db", "name": "Down"}
    headers = {"authorization": f"Bearer {make_key(dsn, 'ingest')}"}

    def accepted() -> bool:
        return httpx.post(url, json=alert, headers=headers, timeout=BOUND).status_code == 202

    eventually(accepted, "an alert is accepted")


def test_what_was_lost_on_its_way_to_the_sender_is_found(platform: Platform, book: RuleBook) -> None:
    book.put(("r1", "acme", "HIGH", "db", "*"))
    with running("aggregator", platform.env):
        match(platform.settings(Settings), "a1")
        eventually(lambda: alerts(platform.dsn) == ["a1"], "a notification")
    prefix = f"new{platform.prefix}"  # topics and groups that nobody has ever seen, as on an empty broker
    elsewhere = {**platform.env, "ALERTING_KAFKA_PREFIX": prefix}
    create_topics(platform.settings(TopicSettings, kafka_prefix=prefix, topic_partitions=3))
    with (
        running("sender", elsewhere, ALERTING_SWEEP_AFTER="1", ALERTING_SWEEP_INTERVAL="0.5"),
        psycopg.connect(platform.dsn, autocommit=True) as connection,
    ):
        status = "SELECT count(*) FROM notifications WHERE status = 'NO_ENDPOINT'"
        eventually(lambda: connection.execute(status).fetchone() == (1,), "the sender has planned it")
