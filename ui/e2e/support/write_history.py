"""Writes what a platform remembers of a day, as if it had run that long: python write_history.py POSTGRES REDIS."""

import json
import math
import sys
import time
from typing import Any

import psycopg
import redis

# More by day than by night, with a bad hour that the payments had.
NOTIFICATIONS = """
    INSERT INTO notifications (id, client_id, alert_id, severity, source, name, context, event_at, rule_ids,
        rules_version, status, created_at, finished_at)
    SELECT uuidv7(moment - now()), client_id, uuidv7(moment - now() - interval '0.1 s')::text,
        CASE WHEN severity <> '*' THEN severity WHEN draw < 0.2 THEN 'CRITICAL' WHEN draw < 0.5 THEN 'HIGH'
             WHEN draw < 0.8 THEN 'MEDIUM' ELSE 'LOW' END,
        CASE source WHEN '*' THEN 'gateway' ELSE source END,
        CASE name WHEN '*' THEN (ARRAY['HighErrorRate', 'LatencyTooHigh', 'PodRestarts'])[1 + floor(draw * 3)::int]
                  ELSE name END,
        '{}', moment - interval '1 second', ARRAY[id], 1,
        CASE WHEN hour = 5 AND chance < 0.3 THEN 'FAILED' WHEN chance < 0.01 THEN 'FAILED'
             WHEN chance < 0.03 THEN 'PARTIAL' ELSE 'SENT' END,
        moment, moment + interval '0.4 s'
    FROM (
        SELECT hour, random() AS chance,
            now() - make_interval(hours => hour) - random() * interval '1 hour' - interval '3 minutes' AS moment,
            random() AS draw, 1 + floor(random() * (SELECT count(*) FROM rules))::int AS place
        FROM generate_series(0, 23) AS hour,
            generate_series(1, (60 + 45 * sin((hour - 3) / 24.0 * 2 * pi()) + CASE hour WHEN 5 THEN 90 ELSE 0 END)::int)
    ) AS drawn JOIN (SELECT row_number() OVER (ORDER BY id) AS place, * FROM rules) AS rules USING (place)
    ORDER BY moment
"""

DELIVERIES = """
    INSERT INTO deliveries (id, notification_id, endpoint_id, client_id, type, value, status, attempts, last_error,
        delivered_at, created_at, next_attempt_at)
    SELECT uuidv7(notifications.created_at - now()), notifications.id, endpoints.id, notifications.client_id,
        type, value, CASE notifications.status WHEN 'FAILED' THEN 'FAILED' ELSE 'DELIVERED' END, 1,
        CASE notifications.status WHEN 'FAILED' THEN 'the receiver answers 503' END, finished_at,
        notifications.created_at, notifications.created_at
    FROM notifications JOIN endpoints ON endpoints.rule_id = notifications.rule_ids[1]
    WHERE NOT EXISTS (SELECT FROM deliveries WHERE notification_id = notifications.id)
"""


def write_notifications(dsn: str) -> None:
    """Write a day of notifications, the same each time."""
    with psycopg.connect(dsn) as connection:
        connection.execute("SELECT setseed(0.5)")
        connection.execute(NOTIFICATIONS)
        connection.execute(DELIVERIES)


def write_samples(url: str) -> None:
    """Replace the samples of metrics by those of a day that went up and down."""
    database = redis.Redis.from_url(url)
    latest = database.xrevrange("metrics:history:10s", count=1)
    sample = json.loads(latest[0][1][b"sample"])
    now = int(time.time())
    for step, seconds in ((10, 3_600), (60, 86_400)):
        stream = f"metrics:history:{step}s"
        database.delete(stream)
        end = now // step * step - step
        for at in range(end - seconds, end, step):
            database.xadd(stream, {"sample": json.dumps(sample_at(sample, at - now))}, id=f"{at * 1000}-0")


def sample_at(sample: dict[str, Any], ago: int) -> dict[str, Any]:
    """Return a sample as it may have been some seconds ago: a slow wave, and a fast one on it."""
    wave = 24 + 10 * math.sin(ago / 5_000) + 4 * math.sin(ago / 170) + 2 * math.sin(ago / 31)
    services = {
        name: {
            **service,
            "rates": {what: 0.0 if what == "errors" else round(wave, 2) for what in service["rates"]},
            "latency_ms": {what: round(value + wave / 6, 2) for what, value in LATENCIES.items()},
        }
        for name, service in sample["services"].items()
    }
    return {**sample, "services": services}


LATENCIES = {"p50": 3.0, "p99": 17.0}

if __name__ == "__main__":
    write_notifications(sys.argv[1])
    write_samples(sys.argv[2])
