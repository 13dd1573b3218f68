"""Figures must not cost the whole table: PostgreSQL answers them from an index."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from alerting.metrics import failures, notifications
from alerting.metrics.window import last_hours, lowest_id

QUERIES = ["_NOTIFICATIONS", "_CLIENT_NOTIFICATIONS", "_DELIVERIES", "_CLIENT_DELIVERIES"]


@pytest.fixture(scope="module")
def connection(postgres: str) -> Any:
    """A database with many old notifications and few new ones."""
    name = "metrics_plans"
    with psycopg.connect(postgres, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE migrated")
    with psycopg.connect(postgres, dbname=name, autocommit=True) as connection:
        connection.execute(
            """
            CREATE TEMP TABLE drawn AS
            SELECT n, moment, 'client-' || n % 100 AS client,
                   (lpad(to_hex((extract(epoch FROM moment) * 1000)::bigint), 12, '0')
                    || '7000' || '8000' || lpad(to_hex(n), 12, '0'))::uuid AS id
            FROM generate_series(1, 50000) AS n,
                 LATERAL (SELECT now() - interval '10 min' * (50000 - n) AS moment) AS at
            """
        )
        connection.execute(
            """
            INSERT INTO notifications (id, client_id, alert_id, severity, source, name, context, event_at, rule_ids,
                                       rules_version, status, created_at)
            SELECT id, client, n::text, 'HIGH', 's', 'n', '{}', moment, '{}', 1, 'SENT', moment FROM drawn
            """
        )
        connection.execute(
            """
            INSERT INTO deliveries (id, notification_id, endpoint_id, client_id, type, value, status, created_at)
            SELECT id, id, 'e', client, 'slack', 'v', 'DELIVERED', moment FROM drawn
            """
        )
        connection.execute("ANALYZE notifications, deliveries")
        yield connection


@pytest.mark.parametrize("query", QUERIES)
def test_figures_come_from_an_index(connection: psycopg.Connection[Any], query: str) -> None:
    span = last_hours(24, time.time()).recent
    values = {
        "client_id": "client-7",
        "first_id": span.first_id,
        "last_id": span.last_id,
        "begin": span.begin,
        "end": span.end,
    }
    rows = connection.execute(f"EXPLAIN {getattr(notifications, query)}", values).fetchall()
    plan = "\n".join(row[0] for row in rows)
    assert "Seq Scan" not in plan, plan
    assert "Index" in plan


@pytest.mark.parametrize("query", ["_FAILED", "_CLIENT_FAILED", "_WAITING", "_CLIENT_WAITING"])
def test_what_fails_comes_from_an_index(connection: psycopg.Connection[Any], query: str) -> None:
    now = datetime.now(UTC)
    values = {
        "client_id": "client-7",
        "first_id": lowest_id(now - timedelta(hours=24)),
        "before": now - timedelta(minutes=1),
        "most": 10_001,
    }
    rows = connection.execute(f"EXPLAIN {getattr(failures, query)}", values).fetchall()
    plan = "\n".join(row[0] for row in rows)
    assert "Seq Scan" not in plan, plan
    assert "Index" in plan
