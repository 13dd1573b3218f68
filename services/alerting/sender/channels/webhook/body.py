"""What a webhook receives."""

import orjson

from alerting.sender.delivery import Delivery


def webhook_body(delivery: Delivery) -> bytes:
    """Return the bytes of the request's body."""
    alert = delivery.alert
    return orjson.dumps(
        {
            "notification_id": delivery.notification_id,
            "delivery_id": delivery.id,
            "client_id": delivery.client_id,
            "alert": {
                "alert_id": alert.alert_id,
                "severity": alert.severity,
                "source": alert.source,
                "name": alert.name,
                # JSON already, and as PostgreSQL gives it, valid.
                "context": orjson.Fragment(alert.context),
                "event_at": alert.event_at,
            },
            "rule_ids": delivery.rule_ids,
            "rules_version": delivery.rules_version,
            "attempt": delivery.attempt,
        },
        option=orjson.OPT_UTC_Z,
    )
