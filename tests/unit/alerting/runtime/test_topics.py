"""The names that other programs rely on."""

from alerting.runtime.topics import GROUPS, TOPICS, dead_letter_topic


def test_topics_and_groups_are_the_contracts() -> None:
    assert GROUPS == {
        "alerts.new": "evaluator-group",
        "rule.changed": "rule-updater-group",
        "alerts.matched": "aggregator-group",
        "notifications.ready": "sender-group",
    }
    assert set(TOPICS) == set(GROUPS)
    assert dead_letter_topic("alerts.new") == "alerts.new.dlq"
