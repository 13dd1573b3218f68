"""One alert as somebody wrote it down."""

from typing import Any

import pytest
from pydantic import ValidationError

from alerting.alert_producer.single import SingleAlert
from alerting.events.v1 import AlertNew, Severity

GOOD: dict[str, Any] = {"severity": "HIGH", "source": "payments", "name": "PaymentTimeout"}


def test_an_alert_is_encoded_as_it_was_written() -> None:
    alert = SingleAlert.model_validate({**GOOD, "context": {"k": "v"}, "alert_id": "mine"})
    key, value = alert.encode(1_700_000_000)
    assert key == b"mine"
    assert AlertNew.FromString(value) == AlertNew(
        alert_id="mine",
        schema_version=1,
        event_ts=1_700_000_000,
        severity=Severity.HIGH,
        source="payments",
        name="PaymentTimeout",
        context={"k": "v"},
    )


def test_ids_are_new_unless_given() -> None:
    assert SingleAlert.model_validate(GOOD).alert_id != SingleAlert.model_validate(GOOD).alert_id


@pytest.mark.parametrize(
    "wrong",
    [
        {"severity": "high"},
        {"source": ""},
        {"name": "x" * 256},
        {"name": "a\0b"},
        {"alert_id": ""},
        {"context": {"": "v"}},
        {"context": {"k": "a\0b"}},
        {"context": {f"k{number}": "" for number in range(65)}},
        {"context": {"k": "x" * 16_384}},
        {"more": 1},
    ],
)
def test_a_wrong_alert_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        SingleAlert.model_validate({**GOOD, **wrong})
