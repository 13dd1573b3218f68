import pytest
from typer.testing import CliRunner

from alerting.cli.main import app


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["replay"], "TOPIC"),
        (["replay", "alerts.old", "--all"], "there is no topic"),
        (["replay", "alerts.new"], "--all"),
        (["replay", "alerts.new", "0"], "OFFSET"),
        (["replay", "alerts.new", "0", "1", "--all"], "one of"),
        (["replay", "alerts.new", "--all", "--reason", "empty"], "one of"),
        (["drop", "alerts.new", "--reason", "bad"], "is none of"),
        (["show", "alerts.new", "zero", "1"], "PARTITION"),
        (["show", "alerts.new", "0", "--", "-1"], "OFFSET"),
        (["list", "--since", "yesterday"], "a number and one of"),
        (["list", "--limit", "10001"], "--limit"),
        (["list", "--limit", "0"], "--limit"),
    ],
    ids=lambda given: " ".join(given) if isinstance(given, list) else "",
)
def test_wrong_arguments_are_named(arguments: list[str], told: str) -> None:
    done = CliRunner().invoke(app, ["dlq", *arguments])
    assert done.exit_code == 2
    assert told in done.stderr
