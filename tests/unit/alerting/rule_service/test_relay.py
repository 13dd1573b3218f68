import pytest

from alerting.events.v1 import RuleAction, RuleChanged
from alerting.rule_service.relay import message_of

CHANGE = {"rule_id": "r1", "client_id": "acme", "action": "DISABLED", "version": 2, "updated_at": 1_700_000_000}


def test_a_message_has_the_contracts_bytes() -> None:
    message = message_of(CHANGE)
    assert message.key == b"r1"
    assert message.value == bytes.fromhex("0a027231120461636d65180420022880e2cfaa063001")


@pytest.mark.parametrize("action", ["CREATED", "UPDATED", "DELETED", "DISABLED"])
def test_every_action_has_its_value(action: str) -> None:
    told = RuleChanged.FromString(message_of(CHANGE | {"action": action, "severity": "LOW"}).value or b"")
    assert told.action == RuleAction.Value(f"RULE_ACTION_{action}")
