from datetime import UTC, datetime, timedelta

import pytest
import typer

from alerting.cli.keys import duration, state
from alerting.cli.rules import why


@pytest.mark.parametrize(
    ("text", "length"),
    [("1s", timedelta(seconds=1)), ("30m", timedelta(minutes=30)), ("12h", timedelta(hours=12)),
     ("90d", timedelta(days=90)), ("2w", timedelta(weeks=2)), ("36500d", timedelta(days=36_500))],
)  # fmt: skip
def test_a_length_of_time(text: str, length: timedelta) -> None:
    assert duration(text) == length


@pytest.mark.parametrize("text", ["", "90", "d", "0d", "-1d", "1.5h", "1y", "1d ", "1d\n", "٣d", "36501d", "9" * 99])
def test_what_is_no_length_of_time(text: str) -> None:
    with pytest.raises(typer.BadParameter):
        duration(text)


def test_whether_a_key_works_in_a_word() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    hour = timedelta(hours=1)
    assert state(None, None, now) == state(None, now + hour, now) == "valid"
    assert state(None, now, now) == "expired"
    assert state(now, None, now) == state(now - hour, now - hour, now) == "revoked"


def test_why_a_rule_matches_in_words() -> None:
    rule = {"severity": "HIGH", "source": "*", "name": "timeout", "exact": ["severity", "name"], "wildcard": ["source"]}
    assert why(rule) == "severity HIGH, any source, name timeout"
