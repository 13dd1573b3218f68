"""What an expression of PromQL asks for: enough of its grammar for the expressions of deploy/grafana."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_SELECTOR = re.compile(r"(?<![\w:$])((?:alerting[_:]|process_|up\b|ALERTS\b)[\w:]*)(\{[^}]*\})?")
_MATCHER = re.compile(r'(\w+)\s*(=~|!~|!=|=)\s*("(?:[^"\\]|\\.)*")')
_GROUPING = re.compile(r"\b(?:by|on|without|ignoring|group_left|group_right)\s*\(([^)]*)\)")
_SUFFIX = re.compile(r"_(bucket|sum|count)$")


class Matcher(NamedTuple):
    label: str
    operator: str
    value: str


class Selector(NamedTuple):
    metric: str
    matchers: list[Matcher]


def selectors(expression: str) -> Iterator[Selector]:
    """Yield the metrics that are asked for, with their matchers."""
    for name, braces in _SELECTOR.findall(expression):
        found = [Matcher(label, operator, value[1:-1]) for label, operator, value in _MATCHER.findall(braces)]
        yield Selector(name, found)


def grouped(expression: str) -> set[str]:
    """Return the labels that series are grouped or joined by."""
    lists = _GROUPING.findall(_STRING.sub('""', expression))
    return {label.strip() for each in lists for label in each.split(",") if label.strip()}


def family(series: str) -> str:
    """Return the name of a histogram for that of one of its series."""
    return _SUFFIX.sub("", series)
