"""The reference of the command line has every command."""

from collections.abc import Iterator

from typer.main import get_command

from alerting.cli.main import app
from docsite.commands import reference


def names(command: object, path: str) -> Iterator[str]:
    yield path
    for name, below in getattr(command, "commands", {}).items():
        yield from names(below, f"{path} {name}")


def test_every_command_has_a_heading() -> None:
    headings = {line.lstrip("#").strip() for line in reference().splitlines() if line.startswith("#")}
    commands = set(names(get_command(app), "alerting"))
    assert {"alerting dlq replay", "alerting migrate", "alerting sender"} <= commands
    assert headings == {"The command line"} | {f"`{name}`" for name in commands - {"alerting"}}
