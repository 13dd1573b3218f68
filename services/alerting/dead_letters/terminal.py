"""Dead letters on a terminal. What they say is foreign: none of it is markup or an order here."""

import json
import sys
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from alerting.dead_letters.actions import Action
from alerting.dead_letters.description import describe, describe_fully
from alerting.dead_letters.letter import Letter
from alerting.dead_letters.waiting import Page, Summary
from alerting.runtime.printable import hex_dump, one_line

_MOST_SHOWN_BYTES: Final = 4_096
_COLUMNS: Final = ("topic", "partition", "offset", "written_at", "reason", "service", "replays", "key", "error")


def print_page(page: Page, *, as_json: bool) -> None:
    """Print a list of letters, as a table or one object a line."""
    told = [describe(letter) for letter in page.letters]
    if as_json:
        _print_lines(told)
    else:
        table = Table(*(name.replace("_", " ").capitalize() for name in _COLUMNS))
        for letter in told:
            table.add_row(*(_cell(letter[name]) for name in _COLUMNS))
        Console().print(table)
    if page.more:
        sys.stderr.write("there are more\n")


def print_summary(summary: Summary, *, as_json: bool) -> None:
    """Print how many letters wait, as a table or one object a line."""
    told = [
        {"topic": topic, "reason": reason, "letters": number}
        for (topic, reason), number in sorted(summary.counts.items())
    ]
    if as_json:
        _print_lines(told)
    else:
        table = Table("Topic", "Reason", "Letters")
        for row in told:
            table.add_row(*(_cell(value) for value in row.values()))
        Console().print(table)
    if not summary.complete:
        sys.stderr.write("there are more: the time did not suffice to count them\n")


def print_letter(letter: Letter, action: Action | None, *, as_json: bool) -> None:
    """Print all of one letter, as text or as an object on a line."""
    told = describe_fully(letter, action)
    if as_json:
        _print_lines([told])
        return
    for name in ("topic", "partition", "offset", "written_at", "key", "key_hex", "replays", "bytes", "action"):
        sys.stdout.write(f"{name}: {_line(told[name])}\n")
    for header in told["headers"]:
        sys.stdout.write(f"header {one_line(header['name'])}: {_line(header['value'])}\n")
    value = letter.value or b""
    sys.stdout.writelines(f"{line}\n" for line in hex_dump(value[:_MOST_SHOWN_BYTES]))
    if len(value) > _MOST_SHOWN_BYTES:
        sys.stdout.write(f"… and {len(value) - _MOST_SHOWN_BYTES} bytes more, all of which --json has\n")
    sys.stdout.write(f"{told['message']}: {_decoded(told)}\n")


def _decoded(told: dict[str, Any]) -> str:
    if told["fields"] is None:
        return f"does not decode: {one_line(told['decode_error'])}"
    return json.dumps(told["fields"], indent=2)


def _print_lines(told: list[dict[str, Any]]) -> None:
    # In ASCII: what is not, JSON escapes, and with it what a terminal could take for an order.
    sys.stdout.writelines(f"{json.dumps(each)}\n" for each in told)


def _cell(value: object) -> Text:
    return Text(_line(value))


def _line(value: object) -> str:
    return "–" if value is None else one_line(str(value))
