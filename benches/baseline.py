"""The honest baseline: the ten lines of Python that one writes without a library.

A dict from pattern to its rules, and eight probes an event. *Grouped* keeps ``{client: [rule ids]}`` under each
pattern, *flat* a list of (client, rule id); both answer with ``{client: [rule ids]}``.
"""

from collections.abc import Callable, Iterable
from typing import TypeAlias

__all__ = ["Flat", "Grouped", "Match", "Result", "build_flat", "build_grouped", "flat_matcher", "grouped_matcher"]

Row: TypeAlias = tuple[str, str, str, str, str]
Pattern: TypeAlias = tuple[str, str, str]
Result: TypeAlias = dict[str, list[str]]
Grouped: TypeAlias = dict[Pattern, Result]
Flat: TypeAlias = dict[Pattern, list[tuple[str, str]]]
Match: TypeAlias = Callable[[str, str, str], Result]


def build_grouped(rules: Iterable[Row]) -> Grouped:
    """Return the rules of every pattern, by client."""
    table: Grouped = {}
    for rule_id, client_id, severity, source, name in rules:
        table.setdefault((severity, source, name), {}).setdefault(client_id, []).append(rule_id)
    return table


def grouped_matcher(table: Grouped) -> Match:
    """Return the function that asks `table` for the rules of an event."""
    get = table.get

    def match(severity: str, source: str, name: str) -> Result:
        result: Result = {}
        for pattern in (
            (severity, source, name), ("*", source, name), (severity, "*", name), (severity, source, "*"),
            ("*", "*", name), ("*", source, "*"), (severity, "*", "*"), ("*", "*", "*"),
        ):  # fmt: skip
            if clients := get(pattern):
                for client_id, rule_ids in clients.items():
                    result.setdefault(client_id, []).extend(rule_ids)
        return result

    return match


def build_flat(rules: Iterable[Row]) -> Flat:
    """Return the rules of every pattern, one after the other."""
    table: Flat = {}
    for rule_id, client_id, severity, source, name in rules:
        table.setdefault((severity, source, name), []).append((client_id, rule_id))
    return table


def flat_matcher(table: Flat) -> Match:
    """Return the function that asks `table` for the rules of an event."""
    get = table.get

    def match(severity: str, source: str, name: str) -> Result:
        result: Result = {}
        for pattern in (
            (severity, source, name), ("*", source, name), (severity, "*", name), (severity, source, "*"),
            ("*", "*", name), ("*", source, "*"), (severity, "*", "*"), ("*", "*", "*"),
        ):  # fmt: skip
            if rules := get(pattern):
                for client_id, rule_id in rules:
                    if client_id in result:
                        result[client_id].append(rule_id)
                    else:
                        result[client_id] = [rule_id]
        return result

    return match
