"""The reference of the command line, as Typer tells it."""

import re
from typing import Final

import typer
from typer.cli import get_docs_for_click
from typer.main import get_command

from alerting.cli.main import app

# Lists of a group's commands are cut short, and each has a heading below.
_LISTS: Final = re.compile(r"^\*\*Commands\*\*:\n\n(?:\* .*\n)+\n", re.MULTILINE)


def reference() -> str:
    """Return the page."""
    command = get_command(app)
    context = typer.Context(command, info_name="alerting")
    told = get_docs_for_click(obj=command, ctx=context, name="alerting", title="The command line")
    return _LISTS.sub("", told).replace("```console\n$ ", "```text\n").strip() + "\n"
