"""Figures as text: a table for each kind, and the goals in one more."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from .figures import Figure
from .goals import goal_of

__all__ = ["render"]


class Heading(NamedTuple):
    """A table's title, and how its numbers came about."""

    title: str
    note: str


_HEADINGS: Final = {
    "match": Heading(
        "Matching, one thread, per event",
        """
× is times faster than the faster of the two dicts, in the same run. A figure holds the loop of the benchmark and the
call: `for severity, source, name in events: match(severity, source, name)`. match: the lazy result; match, read: every
client id and rule id as a Python string, against the dict with the same loop over the items of its result. batch:
match_batch of lists, batch of Arrow: of Arrow columns, both 8,192 events a call; 2 threads: times faster than one
thread in the same round, each with half of the batches.""",
    ),
    "route": Heading(
        "Routing, one thread, per alert",
        """
route_batch: 1,024 payloads a call; route: one payload a call. A payload has six fields and three context entries.""",
    ),
    "build": Heading(
        "Building, rules a second",
        """
build: a list of Rule; columns: lists of str; Arrow columns: string arrays; × is times the faster dict.""",
    ),
    "open": Heading(
        "Opening a saved index",
        """
mapped: Index.open(path, verify=False); verified: with the checksum and every offset; first match: open mapped and match
one event. The file is in the page cache.""",
    ),
    "live": Heading(
        "LiveIndex",
        """
apply: one change (a new rule, its replacement, its removal, in turn), median. p50, p99.9: latency of single calls of
match, the clock's own included, first with no writer (quiet), then beside a thread that applies one change after the
other, 1 ms apart (swaps); × is swaps / quiet.""",
    ),
    "memory": Heading(
        "Memory, bytes a rule",
        """
all: index.nbytes. beside ids: less the UTF-8 bytes of the rule ids and of the distinct client ids. beside all strings:
less those of the distinct sources, names and severities too. dict: growth of the process while the flat dict is built,
the strings of its keys and values not counted. worst: the largest of the column.""",
    ),
    "peers": Heading(
        "Peers, each through its own API in its own language, one thread",
        """
The same rules and events. Fairness: Quamina and Event Ruler read JSON and speak a far richer language (prefix, range,
wildcards, anything-but, nested fields); a field that is `*` here is absent in their patterns. They return rule ids, not
grouped by client. × is how many times matchcore's match is faster, on the same events.""",
    ),
}


def render(figures: list[Figure]) -> str:
    """Return all tables as text."""
    parts = [_table(heading, [f for f in figures if f.table == table]) for table, heading in _HEADINGS.items()]
    return "\n\n".join([*(part for part in parts if part), _goals(figures)])


def _table(heading: Heading, figures: list[Figure]) -> str:
    if not figures:
        return ""
    columns = list(dict.fromkeys(figure.column for figure in figures))
    cells: dict[tuple[str, int], dict[str, str]] = {}
    for figure in figures:
        row = cells.setdefault((figure.workload, figure.size), {})
        row[figure.column] = f"{row.get(figure.column, '')} {_cell(figure)}".strip()
    rows = [[name, _count(size), *(row.get(column, "–") for column in columns)] for (name, size), row in cells.items()]
    return f"## {heading.title}\n{heading.note}\n\n" + _grid(["workload", "rules", *columns], rows)


def _goals(figures: list[Figure]) -> str:
    rows = []
    for figure in figures:
        if (goal := goal_of(figure)) is not None:
            about = [
                figure.table,
                figure.workload,
                _count(figure.size),
                figure.column,
                _value(figure.value, figure.unit),
            ]
            rows.append(
                [
                    *about,
                    f"{goal.sign} {_value(goal.limit, figure.unit)}",
                    _mark(goal.reached(figure.value)),
                    f"{goal.sign} {_value(goal.stretch, figure.unit)}",
                    _mark(goal.stretched(figure.value)),
                ]
            )
    if not rows:
        return "## Goals\nNone of the figures has a goal."
    columns = ["table", "workload", "rules", "what", "measured", "goal", "reached", "stretch", "reached"]
    return "## Goals\n\n" + _grid(columns, rows)


def _cell(figure: Figure) -> str:
    goal = goal_of(figure)
    text = _value(figure.value, figure.unit)
    return text if goal is None else f"{text} ({goal.sign}{_number(goal.limit)} {_mark(goal.reached(figure.value))})"


def _value(value: float, unit: str) -> str:
    return f"{_number(value)}×" if unit == "×" else f"{_number(value)} {unit}".strip()


def _number(value: float) -> str:
    if value >= 1e6:
        return f"{value / 1e6:.2f}M".replace(".00M", "M")
    if value >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.2f}" if value < 10 else f"{value:.1f}"


def _count(size: int) -> str:
    for unit, letter in ((1_000_000, "M"), (1_000, "k")):
        if size and size % unit == 0:
            return f"{size // unit}{letter}"
    return f"{size:,}" if size else ""


def _mark(reached: bool) -> str:
    return "✓" if reached else "✗"


def _grid(columns: list[str], rows: Iterable[list[str]]) -> str:
    lines = [columns, *rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(columns))]
    ruled = [lines[0], ["-" * width for width in widths], *lines[1:]]
    return "\n".join(
        "| " + " | ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)) + " |" for line in ruled
    )
