"""The options of the command line."""

import pytest

from alerting.alert_producer.options import pairs, seconds, weights


@pytest.mark.parametrize(
    ("text", "found"),
    [("90", 90), ("1.5", 1.5), ("90s", 90), ("1m30s", 90), ("500ms", 0.5), ("1h", 3600), ("1d", 86400)],
)
def test_durations(text: str, found: float) -> None:
    assert seconds(text) == found


@pytest.mark.parametrize("text", ["", "s", "-1s", "1x", "1m 30s", "0", "0s", "1e3", "nan", "1s!"])
def test_wrong_durations(text: str) -> None:
    with pytest.raises(ValueError, match=r"duration|more than 0"):
        seconds(text)


def test_weights() -> None:
    assert weights("LOW=50, HIGH = 0.5 ,CRITICAL,") == {"LOW": 50, "HIGH": 0.5, "CRITICAL": 1}


@pytest.mark.parametrize("text", ["=5", "LOW=much", "LOW=1,LOW=2", "LOW="])
def test_wrong_weights(text: str) -> None:
    with pytest.raises(ValueError, match=r"once|number"):
        weights(text)


def test_pairs() -> None:
    assert pairs(["a=1", "b=x=y", "c="]) == {"a": "1", "b": "x=y", "c": ""}


@pytest.mark.parametrize("texts", [["a"], ["=1"], ["a=1", "a=2"]])
def test_wrong_pairs(texts: list[str]) -> None:
    with pytest.raises(ValueError, match="KEY=VALUE"):
        pairs(texts)
