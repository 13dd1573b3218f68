"""``python -m docsite.diagrams DIRECTORY``: the drawings of docs/architecture.md, for light and for dark pages."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from docsite.drawing import PALETTES, Arrow, Box, Palette, arrow, box, picture
from docsite.sequences import Said, sequence

_PARTS: Final = (
    Box(20, 20, 150, 54, "outside", "Senders", ("Prometheus, curl, …",)),
    Box(20, 130, 150, 54, "service", "ingest", ("HTTP :8080",)),
    Box(20, 250, 150, 54, "service", "alert-producer", ("load, HTTP :8082",)),
    Box(212, 137, 116, 40, "topic", "alerts.new"),
    Box(370, 130, 130, 54, "service", "evaluator", ("matchcore inside",)),
    Box(542, 137, 136, 40, "topic", "alerts.matched"),
    Box(720, 130, 130, 54, "service", "aggregator", ("one per alert",)),
    Box(912, 137, 158, 40, "topic", "notifications.ready"),
    Box(370, 250, 130, 54, "store", "Redis", ("the rule set",)),
    Box(720, 250, 130, 54, "store", "PostgreSQL", ("what is true",)),
    Box(926, 250, 130, 54, "service", "sender", ("tries, waits, tries",)),
    Box(926, 370, 130, 54, "outside", "Receivers", ("mail, Slack, hooks",)),
    Box(370, 370, 130, 54, "service", "rule-updater", ("keeps the rule set",)),
    Box(542, 377, 136, 40, "topic", "rule.changed"),
    Box(720, 370, 130, 54, "service", "rule-service", ("API and UI :8081",)),
    Box(720, 480, 130, 54, "outside", "Browser, CLI", ("rules, history",)),
    Box(545, 480, 130, 54, "service", "metrics", ("figures :8083",)),
)
_LINES: Final = (
    Arrow([(95, 74), (95, 130)]),
    Arrow([(170, 157), (212, 157)]),
    Arrow([(170, 277), (270, 277), (270, 177)]),
    Arrow([(328, 157), (370, 157)]),
    Arrow([(500, 157), (542, 157)]),
    Arrow([(678, 157), (720, 157)]),
    Arrow([(850, 157), (912, 157)]),
    Arrow([(785, 184), (785, 250)], "insert once", (825, 222)),
    Arrow([(991, 177), (991, 250)]),
    Arrow([(926, 277), (850, 277)], "deliveries", (886, 268)),
    Arrow([(991, 304), (991, 370)]),
    Arrow([(435, 250), (435, 184)], "follows", (462, 222)),
    Arrow([(435, 370), (435, 304)], "appends", (465, 342)),
    Arrow([(720, 277), (521, 277), (521, 388), (500, 388)], "log of changes", (620, 268)),
    Arrow([(720, 397), (678, 397)]),
    Arrow([(542, 405), (500, 405)]),
    Arrow([(785, 370), (785, 304)], "one transaction", (838, 342)),
    Arrow([(785, 480), (785, 424)]),
    Arrow([(742, 424), (742, 448), (610, 448), (610, 480)], "asks", (676, 440)),
)


def pipeline(colours: Palette) -> str:
    """Draw who gives what to whom."""
    drawn = [arrow(line, colours) for line in _LINES] + [box(part, colours) for part in _PARTS]
    return picture(1090, 552, "From a sender's alert to a receiver's notification", drawn, colours)


def alert(colours: Palette) -> str:
    """Draw the way of one alert, and when each hop lets go of it."""
    return sequence(
        "The way of an alert",
        [
            ("outside", "Sender"),
            ("service", "ingest"),
            ("service", "evaluator"),
            ("service", "aggregator"),
            ("store", "PostgreSQL"),
            ("service", "sender"),
            ("outside", "Receiver"),
        ],
        [
            Said(0, 1, "POST /api/v1/alerts"),
            Said(1, 2, "alerts.new, all replicas"),
            Said(1, 0, "202", dashed=True),
            Said(2, 3, "alerts.matched, by client"),
            Said(2, 2, "commits its offset"),
            Said(3, 4, "INSERT … ON CONFLICT"),
            Said(3, 5, "notifications.ready"),
            Said(3, 3, "commits its offset"),
            Said(5, 4, "a row per address, leased"),
            Said(5, 5, "commits its offset"),
            Said(5, 6, "signed request"),
            Said(6, 5, "2xx", dashed=True),
            Said(5, 4, "DELIVERED"),
        ],
        colours,
    )


def rule(colours: Palette) -> str:
    """Draw how a changed rule reaches the evaluators."""
    return sequence(
        "The way of a rule's change",
        [
            ("outside", "Browser"),
            ("service", "rule-service"),
            ("store", "PostgreSQL"),
            ("service", "rule-updater"),
            ("store", "Redis"),
            ("service", "evaluator"),
        ],
        [
            Said(0, 1, 'PATCH, If-Match: "3"'),
            Said(1, 2, "rule, change, version 42"),
            Said(1, 0, "200", dashed=True),
            Said(1, 3, "rule.changed: only a nudge"),
            Said(3, 2, "what came after 41?"),
            Said(3, 4, "XADD 42-0, if leased"),
            Said(5, 4, "XREAD, waiting", dashed=True),
            Said(4, 5, "42"),
            Said(5, 5, "swaps to version 42"),
        ],
        colours,
    )


DRAWINGS: Final[Mapping[str, Callable[[Palette], str]]] = {"pipeline": pipeline, "alert": alert, "rule": rule}


def files() -> dict[str, str]:
    """Return all drawings by their files' names."""
    return {
        f"{name}-{page}.svg": draw(colours) for name, draw in DRAWINGS.items() for page, colours in PALETTES.items()
    }


def main() -> None:
    """Run the command."""
    if len(sys.argv) != 2:
        raise SystemExit("usage: python -m docsite.diagrams DIRECTORY")
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, drawing in files().items():
        (folder / name).write_text(drawing, encoding="utf-8")


if __name__ == "__main__":
    main()
