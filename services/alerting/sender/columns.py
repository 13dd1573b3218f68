"""How a delivery is read from the database."""

from collections.abc import Sequence
from typing import Any, Final

from alerting.sender.delivery import Alert, Delivery

# Of notifications n; those of deliveries follow. Text where psycopg would otherwise parse what nobody reads.
NOTIFICATION_COLUMNS: Final = """
    n.id::text, n.client_id, n.alert_id, n.severity, n.source, n.name, n.context::text, n.event_at, n.rule_ids,
    n.rules_version
"""


def delivery_of(row: Sequence[Any]) -> Delivery:
    """Return the delivery of a row of `NOTIFICATION_COLUMNS` that ends with its id, type, value and attempts."""
    notification_id, client_id, *alert, rule_ids, rules_version = row[:10]
    delivery_id, kind, value, attempts = row[-4:]
    return Delivery(
        delivery_id,
        notification_id,
        client_id,
        kind,
        value,
        attempts + 1,
        Alert(*alert),
        rule_ids,
        rules_version,
    )
