"""The commands of docs/migration.md, on real servers."""

import csv
import json
import os
import sys
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from alerting.aggregator.match import Match
from alerting.aggregator.store import NotificationStore
from alerting.local.postgres import program as postgres_program
from alerting.runtime.config import Settings
from alerting.runtime.ids import new_id
from fix_guide import blocks, guide, shell
from fix_servers import Platform

PAGE = guide("docs/migration.md")
BESIDE, IMPORT, SWEEP, LIST = blocks(PAGE, "sh")
(IMPORT_SQL,) = blocks(PAGE, "sql")

COLUMNS = [
    *("client_id", "alert_id", "severity", "source", "name"),
    *("context", "event_at", "rule_ids", "status", "created_at"),
]
OLD = {
    "client_id": "acme",
    "severity": "HIGH",
    "source": "payments",
    "name": "Timeout, again",
    "context": json.dumps({"region": "eu", "why": 'he said "no"'}),
    "event_at": "2026-11-24T10:00:00Z",
    "rule_ids": json.dumps(["r1"]),
    "created_at": "2026-11-24T10:00:01.5Z",
}


def environment(platform: Platform, folder: Path) -> dict[str, str]:
    server = conninfo_to_dict(platform.dsn)
    (folder / "pgpass").touch(mode=0o600)
    (folder / "pgpass").write_text(f"*:*:*:*:{server['password']}\n")
    path = f"{Path(postgres_program('psql')).parent}:{Path(sys.executable).parent}:{os.environ['PATH']}"
    places = {f"PG{name.upper()}": str(server[name]) for name in ("host", "port", "user")}
    return {
        **platform.env,
        **places,
        "PGDATABASE": str(server["dbname"]),
        "PGPASSFILE": f"{folder}/pgpass",
        "PATH": path,
    }


def export(folder: Path, *rows: dict[str, str]) -> None:
    """Write what the other system knew, as its owner exports it."""
    with (folder / "notifications.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows({**OLD, **row} for row in rows)


def rows(platform: Platform, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(platform.dsn, autocommit=True) as connection:
        return connection.execute(query.encode()).fetchall()


def add_rule(platform: Platform) -> None:
    with psycopg.connect(platform.dsn, autocommit=True) as connection:
        connection.execute("INSERT INTO clients (id, name) VALUES ('acme', 'Acme')")
        connection.execute(
            "INSERT INTO rules (id, client_id, severity, source, name) VALUES ('r1', 'acme', 'HIGH', 'payments', '*')"
        )
        connection.execute(
            "INSERT INTO endpoints (id, rule_id, client_id, type, value)"
            " VALUES ('e1', 'r1', 'acme', 'email', 'oncall@example.com')"
        )


def test_a_database_and_topics_beside_the_others(platform: Platform, tmp_path: Path) -> None:
    # As where the other system made the topics: with a number of partitions of its own, and none for dead letters.
    env = {**environment(platform, tmp_path), "ALERTING_TOPIC_PARTITIONS": "3"}
    told = shell(BESIDE.replace("=next. ", f"=next.{platform.prefix} "), tmp_path, env).splitlines()
    assert told[0] == "nothing to do"
    assert f"made next.{platform.prefix}rule.changed" in told


def test_what_was_not_delivered_is_taken_over_and_swept(platform: Platform, tmp_path: Path) -> None:
    env = environment(platform, tmp_path)
    (tmp_path / "import.sql").write_text(IMPORT_SQL)
    add_rule(platform)
    export(
        tmp_path,
        {"alert_id": "a1", "status": "SENT"},
        {"alert_id": "a2", "status": "RECEIVED"},
        {"alert_id": "a3", "status": "RECEIVED", "created_at": "2026-11-24T09:00:00Z"},
    )
    for _ in range(2):
        shell(IMPORT, tmp_path, env)
    taken = rows(platform, "SELECT alert_id, name, context ->> 'why', rule_ids, status FROM notifications ORDER BY 1")
    assert [row[1:4] for row in taken] == 3 * [("Timeout, again", 'he said "no"', ["r1"])]
    assert [(row[0], row[4]) for row in taken] == [("a1", "SENT"), ("a2", "RECEIVED"), ("a3", "RECEIVED")]
    ids = rows(platform, "SELECT substr(id::text, 15, 1), alert_id FROM notifications ORDER BY id")
    assert [version for version, _ in ids] == ["7", "7", "7"]
    assert ids[0][1] == "a3"

    # What the other system notified of, and comes once more, is known.
    store = NotificationStore(platform.settings(Settings), new_id)
    again = Match("acme", "a1", "HIGH", "payments", "Timeout, again", "{}", 1, ["r1"], 1)
    assert store.insert([again]) == []
    store.close()

    shell(SWEEP, tmp_path, env)
    due = "SELECT alert_id, value FROM deliveries d JOIN notifications n ON n.id = d.notification_id ORDER BY 1"
    assert rows(platform, due) == [("a2", "oncall@example.com"), ("a3", "oncall@example.com")]
    assert "RECEIVED" in shell(LIST.replace("2h", "36500d"), tmp_path, env)
