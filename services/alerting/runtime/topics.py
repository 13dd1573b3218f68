"""The one list of topics and consumer groups."""

from typing import Final

PARTITIONS: Final = 9

MOST_MESSAGE_BYTES: Final = 1_000_000
"""What Kafka's usual limit of a message leaves to its value."""
MOST_DEAD_LETTER_BYTES: Final = 1_200_000
"""A refused message may be as long as the broker took it, and has the reasons beside it."""

ALERTS_NEW: Final = "alerts.new"
RULE_CHANGED: Final = "rule.changed"
ALERTS_MATCHED: Final = "alerts.matched"
NOTIFICATIONS_READY: Final = "notifications.ready"

TOPICS: Final = (ALERTS_NEW, RULE_CHANGED, ALERTS_MATCHED, NOTIFICATIONS_READY)

GROUPS: Final = {
    ALERTS_NEW: "evaluator-group",
    RULE_CHANGED: "rule-updater-group",
    ALERTS_MATCHED: "aggregator-group",
    NOTIFICATIONS_READY: "sender-group",
}


def dead_letter_topic(topic: str) -> str:
    """Return where the messages of a topic go that its consumer refuses."""
    return f"{topic}.dlq"
