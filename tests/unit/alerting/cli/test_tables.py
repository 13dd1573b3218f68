"""What others wrote is shown on a terminal, which takes no orders from it."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from rich.console import Console

from alerting.cli import keys, notifications, rules
from alerting.doctor import report
from alerting.doctor.finding import ok

ORDER = "\x1b]52;c;Y3VybA==\x07\x9b2J"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def a_notification() -> None:
    texts = dict.fromkeys(("client_id", "severity", "source", "name"), ORDER)
    notifications._print_table([{"id": "n1", "status": "SENT", "created_at": NOW, **texts}])


def a_rule() -> None:
    rule = {"client_id": ORDER, "rule_id": ORDER, "severity": "*", "source": ORDER, "name": ORDER}
    rules._show({"truncated": False, "rules_version": 1, "matches": [rule | {"wildcard": ["severity"]}]})


def a_key() -> None:
    times = dict.fromkeys(("expires_at", "last_used_at", "revoked_at"))
    keys._print_table([{"id": "k1", "name": ORDER, "scope": f"client:{ORDER}", "prefix": "aa", **times}])


def a_finding() -> None:
    report.print_table([ok("services.versions", ORDER)], Console())


@pytest.mark.parametrize("show", [a_notification, a_rule, a_key, a_finding])
def test_what_a_terminal_would_obey_is_escaped(
    show: Callable[[], None], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "500")
    show()
    shown = capsys.readouterr().out
    assert "\\x1b]52;c;Y3VybA==\\x07\\x9b2J" in shown
    assert not any(letter < " " or "\x7f" <= letter < "\xa0" for letter in shown if letter != "\n")
