"""What a mix may say."""

from typing import Any

import pytest
from pydantic import ValidationError

from alerting.alert_producer.mix import Mix


@pytest.mark.parametrize(
    "fields",
    [
        {"severities": {"HUGE": 1}},
        {"severities": {"LOW": 0}},
        {"severities": {"LOW": -1}},
        {"sources": {"a": float("nan")}},
        {"sources": {"a": 0, "b": 0}},
        {"skew": -1},
        {"skew": float("inf")},
        {"unmatched": 1.1},
        {"duplicates": -0.1},
        {"context_keys": 65},
        {"context_keys": 64, "context_value_bytes": 257},
        {"nonsense": 1},
    ],
)
def test_a_wrong_mix_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Mix.model_validate(fields)
