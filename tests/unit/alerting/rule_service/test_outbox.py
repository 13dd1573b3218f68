from datetime import UTC, datetime
from typing import Any

from alerting.rule_service.outbox import put, taken

AT = datetime(2023, 11, 14, 22, 13, 20, 999_999, tzinfo=UTC)
RULE: dict[str, Any] = {
    "id": "r1", "client_id": "acme", "severity": "HIGH", "source": "api", "name": "*", "description": "d",
    "enabled": True, "version": 2,
}  # fmt: skip


def test_a_rule_is_put_into_the_rule_set_with_what_it_matches() -> None:
    assert put(RULE, "CREATED", AT, live=True) == {
        "rule_id": "r1", "client_id": "acme", "action": "CREATED", "version": 2, "updated_at": 1_700_000_000,
        "severity": "HIGH", "source": "api", "name": "*",
    }  # fmt: skip
    assert put(RULE, "UPDATED", AT, live=True)["action"] == "UPDATED"


def test_a_rule_that_is_not_live_is_taken_out() -> None:
    out = {"rule_id": "r1", "client_id": "acme", "action": "DISABLED", "version": 2, "updated_at": 1_700_000_000}
    assert put(RULE, "CREATED", AT, live=False) == put(RULE, "UPDATED", AT, live=False) == out
    assert taken(RULE, "DELETED", AT) == out | {"action": "DELETED"}
