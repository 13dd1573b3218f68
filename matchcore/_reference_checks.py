"""What the reference implementation takes in: rules, columns, events, and how it refuses them."""

from __future__ import annotations

import importlib
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .errors import RuleError, RuleTypeError
from .rule import Rule

if TYPE_CHECKING:
    from ._types import Column

__all__ = ["Event", "as_clients", "as_column", "as_event", "as_limit", "as_rules", "as_version", "refuse_duplicates"]

Event = tuple[str | None, str, str]
"""Severity, source and name; a severity that is None matches only the wildcard."""

_NEVER_EMPTY = ("rule_id", "client_id")


def type_fault(value: object) -> str | None:
    """Say what is wrong with the type of `value`, or None when it is a string."""
    return None if isinstance(value, str) else f"must be a str, not {type(value).__name__}"


def text_fault(value: str) -> str | None:
    r"""Say why `value` cannot be written as UTF-8, or None when it can.

    >>> text_fault("abc\ud800")
    'has a lone surrogate at character 3'
    """
    try:
        value.encode()
    except UnicodeEncodeError as error:
        return f"has a lone surrogate at character {error.start}"
    return None


def check_text(label: str, value: object) -> None:
    """Raise what the API promises for a string argument that is not one."""
    if (fault := type_fault(value)) is not None:
        raise TypeError(f"{label} {fault}")
    if (fault := text_fault(str(value))) is not None:
        raise ValueError(f"{label} {fault}")


def check_rule(position: int, rule: object) -> Rule:
    """Return the rule at `position` of the input, or tell the first of its faults."""
    if not isinstance(rule, tuple) or len(rule) != len(Rule._fields):
        raise RuleTypeError(position, None, f"is not a tuple of {len(Rule._fields)} fields")
    for field, value in zip(Rule._fields, rule, strict=True):
        if (fault := type_fault(value)) is not None:
            raise RuleTypeError(position, field, fault)
        if field in _NEVER_EMPTY and not value:
            raise RuleError(position, field, "must not be empty")
        if (fault := text_fault(value)) is not None:
            raise RuleError(position, field, fault)
    return Rule(*rule)


def as_rules(rules: Iterable[object]) -> list[Rule]:
    """Check every rule by itself; the same id may still stand in several of them."""
    return [check_rule(position, rule) for position, rule in enumerate(rules)]


def refuse_duplicates(rules: Sequence[Rule]) -> None:
    """Raise when two rules share an id, at the position of the second."""
    first: dict[str, int] = {}
    for position, rule in enumerate(rules):
        if rule.rule_id in first:
            raise RuleError(position, "rule_id", f"{rule.rule_id!r} is already the id of rule {first[rule.rule_id]}")
        first[rule.rule_id] = position


def as_column(label: str, column: Column) -> list[Any]:
    """Read a sequence, a numpy array or an Arrow array into a list; the values are not looked at."""
    if isinstance(column, np.ndarray):
        if column.ndim != 1:
            raise ValueError(f"{label} has {column.ndim} dimensions, not 1")
        return list(column.tolist())
    # pyarrow's own reader of the Arrow capsules, so that the compiled one is checked by other code than itself.
    if hasattr(column, "__arrow_c_stream__"):
        return list(importlib.import_module("pyarrow").chunked_array(column).to_pylist())
    if hasattr(column, "__arrow_c_array__"):
        return list(importlib.import_module("pyarrow").array(column).to_pylist())
    values: object = column
    if isinstance(values, Sequence) and not isinstance(values, str | bytes | bytearray):
        return list(values)
    raise TypeError(f"{label} must be a sequence, a numpy array or an Arrow array, not {type(column).__name__}")


def as_columns(**columns: Column) -> list[list[Any]]:
    """Read columns that have to be of one length."""
    lists = {label: as_column(label, column) for label, column in columns.items()}
    first, *others = lists
    for label in others:
        if len(lists[label]) != len(lists[first]):
            raise ValueError(f"{label} has {len(lists[label])} values, {first} has {len(lists[first])}")
    return list(lists.values())


def as_event(severity: str, source: str, name: str) -> Event:
    """Check the three strings of one event."""
    for label, value in (("severity", severity), ("source", source), ("name", name)):
        check_text(label, value)
    return (severity, source, name)


def as_events(severities: Column, sources: Column, names: Column) -> list[Event]:
    """Check the three columns of a batch of events."""
    columns = as_columns(severities=severities, sources=sources, names=names)
    for label, values in zip(("severities", "sources", "names"), columns, strict=True):
        for place, value in enumerate(values):
            check_text(f"{label}[{place}]", value)
    return list(zip(*columns, strict=True))


def as_limit(limit: int | None) -> int | None:
    """Check a bound on the number of rules."""
    if limit is None:
        return None
    if isinstance(limit, bool) or not isinstance(limit, int):
        raise TypeError(f"limit must be an int, not {type(limit).__name__}")
    if limit < 0:
        raise ValueError(f"limit must not be negative: {limit}")
    return limit


def as_clients(clients: Collection[str] | None) -> frozenset[str] | None:
    """Check a choice of clients; None is all of them."""
    if isinstance(clients, str):
        raise TypeError("clients must be a collection of client ids, not a str")
    return None if clients is None else frozenset(clients)


def as_version(version: int) -> int:
    """Check a version: an int64 that is not negative."""
    if isinstance(version, bool) or not isinstance(version, int):
        raise TypeError(f"version must be an int, not {type(version).__name__}")
    if not 0 <= version < 2**63:
        raise ValueError(f"version must be from 0 to 2**63 - 1, not {version}")
    return version
