"""The tables of docs/monitoring.md."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import yaml  # type: ignore[import-untyped]

from alerting.runtime.metric import SERVICES, Listed
from alerting.runtime.telemetry import EVERY_METRIC

_LABEL: Final = re.compile(r"\{\{ \$labels\.(\w+) \}\}")
_RULES: Final = Path(__file__).parents[1] / "rules" / "alerting.yaml"


def metrics_table() -> str:
    """Return a row for each metric."""
    rows = [
        [f"`{each.name}`", each.kind, ", ".join(f"`{label}`" for label in each.labels), _of(each), each.meaning]
        for each in EVERY_METRIC
    ]
    return _table(["metric", "type", "labels", "of", "what it says"], rows)


def alerts_table() -> str:
    """Return a row for each alert; one that has two severities is there once."""
    rows: dict[str, list[str]] = {}
    for rule in alerts():
        name, severity = rule["alert"], rule["labels"]["severity"]
        if name in rows:
            rows[name][1] += f", {severity}"
        else:
            description = _LABEL.sub(r"*\1*", rule["annotations"]["description"])
            rows[name] = [f"[{name}](runbooks/{name}.md)", severity, description]
    return _table(["alert", "severity", "what it means"], list(rows.values()))


def alerts() -> list[Mapping[str, Any]]:
    """Return the alerting rules."""
    groups = yaml.safe_load(_RULES.read_text())["groups"]
    return [rule for group in groups for rule in group["rules"] if "alert" in rule]


def replaced(text: str, name: str, table: str) -> str:
    """Return a text with another table between the marks with this name."""
    begin, end = f"<!-- {name}: made by `make dashboards` -->\n", f"<!-- end of {name} -->"
    before, found, rest = text.partition(begin)
    if not found or end not in rest:
        raise ValueError(f"there is no place for the table {name}")
    return before + begin + "\n" + table + "\n" + end + rest.partition(end)[2]


def _of(metric: Listed) -> str:
    return "all" if set(metric.services) == set(SERVICES) else ", ".join(metric.services)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
