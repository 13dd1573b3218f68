"""Notifications of thirty days with their deliveries: of rules as often as chance has it, and nearly all delivered."""

from collections.abc import Sequence
from typing import Any, Final

import httpx
from psycopg.sql import SQL

from benches.tables.part import Connection, Interaction, Sizes

_SEED: Final = "SELECT setseed(0.5)"

# Newer ones behind older ones, as they are recorded: an id begins with its time.
_NOTIFICATIONS: Final = """
    INSERT INTO notifications
        (id, client_id, alert_id, severity, source, name, context, event_at, rule_ids, rules_version, status,
         created_at, finished_at)
    SELECT
        uuidv7(moment - now()), client_id, gen_random_uuid()::text,
        CASE WHEN severity = '*' THEN 'LOW' ELSE severity END,
        CASE WHEN source = '*' THEN 'unknown' ELSE source END, CASE WHEN name = '*' THEN 'Unknown' ELSE name END,
        '{"region": "us-east-1", "pod": "api-7", "summary": "High latency of the API"}', moment, ARRAY[rules.id], 1,
        CASE WHEN ago < 100 THEN 'RECEIVED' WHEN chance < 0.97 THEN 'SENT' WHEN chance < 0.985 THEN 'FAILED'
             WHEN chance < 0.995 THEN 'PARTIAL' ELSE 'NO_ENDPOINT' END,
        moment, CASE WHEN ago >= 100 THEN moment + interval '1 second' END
    FROM (
        SELECT ago, random() AS chance, 1 + floor(random() * amount.rules)::int AS rule,
               now() - ago * (interval '30 days' / %(notifications)s::int) AS moment
        FROM (SELECT count(*) AS rules FROM rules) AS amount, generate_series(%(notifications)s::int - 1, 0, -1) AS ago
    ) AS drawn
        JOIN (SELECT row_number() OVER (ORDER BY id) AS number, * FROM rules) AS rules ON rules.number = drawn.rule
    ORDER BY moment
"""

_DELIVERIES: Final = """
    INSERT INTO deliveries
        (id, notification_id, endpoint_id, client_id, type, value, status, attempts, last_error, delivered_at,
         created_at, next_attempt_at)
    SELECT
        uuidv7(created_at - now()), id, 'endpoint', client_id, 'webhook', 'https://hooks.example/' || client_id,
        CASE status WHEN 'RECEIVED' THEN 'PENDING' WHEN 'FAILED' THEN 'FAILED' ELSE 'DELIVERED' END, 1,
        CASE status WHEN 'FAILED' THEN 'the receiver answers 503' END, CASE status WHEN 'SENT' THEN finished_at END,
        created_at, created_at
    FROM notifications WHERE status <> 'NO_ENDPOINT' ORDER BY created_at
"""

# Somebody with many notifications first, somebody with few last.
_CLIENTS: Final = "SELECT client_id FROM notifications GROUP BY 1 ORDER BY count(*) DESC"


def fill(connection: Connection, sizes: Sizes) -> None:
    """Write the notifications, and one delivery for each that has an endpoint."""
    connection.execute(_SEED)
    connection.execute(_NOTIFICATIONS, {"notifications": sizes.notifications})
    connection.execute(_DELIVERIES)
    connection.execute("VACUUM ANALYZE notifications, deliveries")


def interactions(connection: Connection, http: httpx.Client) -> Sequence[Interaction]:
    """Return each filter alone, those that no index has together, and what finds nothing."""
    rows = connection.execute(SQL(_CLIENTS)).fetchall()
    big, small = rows[0][0], rows[-1][0]
    sample = http.get("/notifications", params={"client_id": small, "limit": 1}).json()["items"][0]
    source, name = sample["source"], sample["name"]
    unarrived = ["FAILED", "PARTIAL"]
    filters: dict[str, dict[str, Any]] = {
        "all": {},
        "a large client's": {"client_id": big},
        "a small client's": {"client_id": small},
        "not arrived": {"status": unarrived},
        "not arrived, of a small client": {"status": unarrived, "client_id": small},
        "critical": {"severity": ["CRITICAL"]},
        "a source and a name": {"source": source, "name": name},
        "a source, of a large client, critical, not arrived": {
            "source": source,
            "client_id": big,
            "severity": ["CRITICAL"],
            "status": unarrived,
        },
        "a rule's": {"rule_id": sample["rule_ids"][0]},
        "an old day": {"from": _ago(connection, 20), "to": _ago(connection, 19)},
        "an old day, a source": {"from": _ago(connection, 20), "to": _ago(connection, 19), "source": source},
        "part of a name": {"search": name[1:-1]},
        "part of a name, of a small client": {"search": name[1:-1], "client_id": small},
        "two letters": {"search": "zq"},
        "an alert's id": {"search": sample["alert_id"]},
        "nothing like it": {"search": "nothing like it"},
        "no such severity": {"severity": ["UNSPECIFIED"], "client_id": big},
    }
    listed = [Interaction(f"notifications: {what}", "/notifications", given) for what, given in filters.items()]
    counted = [
        Interaction(f"notifications: count, {what}", "/notifications/count", given) for what, given in filters.items()
    ]
    return [
        *listed,
        *counted,
        Interaction("notifications: page 21 of all", "/notifications", page=20),
        Interaction("notifications: 500 at once", "/notifications", {"limit": 500}),
        Interaction("notifications: one", f"/notifications/{sample['id']}"),
    ]


def _ago(connection: Connection, days: int) -> str:
    row = connection.execute("SELECT to_char(now() - %s * interval '1 day', 'YYYY-MM-DD\"T00:00:00Z\"')", [days])
    return str(row.fetchone()[0])  # type: ignore[index]  # one row, always
