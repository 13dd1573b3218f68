"""Writes a day of notifications, as if the platform had run that long: python write_notifications.py POSTGRES."""

import sys

import psycopg
from psycopg.sql import SQL, Identifier

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
            now() - make_interval(hours => hour) - random() * interval '1 hour' - interval '20 seconds' AS moment,
            random() AS draw, 1 + floor(random() * (SELECT count(*) FROM rules))::int AS place
        FROM generate_series(0, 23) AS hour,
            generate_series(1, (60 + 45 * sin((hour - 3) / 24.0 * 2 * pi()) + CASE hour WHEN 5 THEN 90 ELSE 0 END)::int)
    ) AS drawn JOIN (SELECT row_number() OVER (ORDER BY id) AS place, * FROM rules) AS rules USING (place)
    ORDER BY moment
"""

# The receivers are on loopback, which is not where receivers are.
ADDRESSES = """
    UPDATE {} SET value = regexp_replace(value, '^http://[^/]+/hook/', 'https://hooks.' || client_id || '.example/')
    WHERE client_id <> 'globex'
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
        for table in ("endpoints", "deliveries", "receivers"):
            connection.execute(SQL(ADDRESSES).format(Identifier(table)))
        connection.execute("UPDATE receivers SET id = md5(client_id || ' ' || type || ' ' || value)::uuid")


if __name__ == "__main__":
    write_notifications(sys.argv[1])
