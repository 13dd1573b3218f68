"""The bytes that the other implementation of the platform writes, and reads."""

import pytest
from google.protobuf.message import Message

from alerting.events.v1 import AlertMatched, NotificationReady, RuleAction, RuleChanged, Severity

READY = NotificationReady(notification_id="n1", client_id="acme", alert_id="a1", schema_version=1)
CHANGED = RuleChanged(
    rule_id="r1",
    client_id="acme",
    action=RuleAction.RULE_ACTION_DISABLED,
    version=2,
    updated_at=1_700_000_000,
    schema_version=1,
)
MATCHED = AlertMatched(
    alert_id="a1",
    schema_version=1,
    event_ts=1_700_000_000,
    severity=Severity.HIGH,
    source="api",
    name="timeout",
    context={"region": "us-east-1"},
    client_id="acme",
    rule_ids=["r1", "r2"],
)

GOLDEN_MATCHED = (
    "0a02613110011880e2cfaa0620032a03617069320774696d656f75743a130a06726567696f6e120975732d656173742d31"
    "420461636d654a0272314a027232"
)

GOLDEN = [
    (READY, "0a026e31120461636d651a0261312001"),
    (CHANGED, "0a027231120461636d65180420022880e2cfaa063001"),
    (MATCHED, GOLDEN_MATCHED),
]


@pytest.mark.parametrize(("message", "golden"), GOLDEN, ids=lambda value: type(value).__name__)
def test_written_bytes_are_golden(message: Message, golden: str) -> None:
    assert message.SerializeToString(deterministic=True).hex() == golden


@pytest.mark.parametrize(("message", "golden"), GOLDEN, ids=lambda value: type(value).__name__)
def test_golden_bytes_are_read(message: Message, golden: str) -> None:
    assert type(message).FromString(bytes.fromhex(golden)) == message


def test_unknown_fields_and_severities_are_read() -> None:
    later = MATCHED.SerializeToString() + bytes.fromhex("fa0603616263") + bytes.fromhex("2063")
    read = AlertMatched.FromString(later)
    assert read.severity == 99
    assert read.alert_id == "a1"
