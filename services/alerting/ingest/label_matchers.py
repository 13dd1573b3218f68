"""Matchers of labels as Alertmanager writes them, such as ``alertname=~"Disk.*"``."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from pydantic_core import SchemaError, SchemaValidator, core_schema

from alerting.ingest.faults import Rejected, shown

MOST_MATCHERS: Final = 100
_MOST_CHARACTERS: Final = 4_096

_MATCHER: Final = re.compile(r'\s*("(?:\\.|[^"\\])+"|[^\s=!~"]+)\s*(=~|!~|!=|=)\s*(.*?)\s*', re.DOTALL)
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)

Test = Callable[[Mapping[str, str]], bool]


def matchers(written: Sequence[str], field: str) -> Test:
    """Return a test of labels that passes when every matcher does; a label that is absent is empty."""
    if len(written) > MOST_MATCHERS:
        raise Rejected(field, f"must be at most {MOST_MATCHERS}")
    tests = [_matcher(each, field) for each in written]
    return lambda labels: all(test(labels) for test in tests)


def _matcher(written: str, field: str) -> Test:
    found = _MATCHER.fullmatch(written) if len(written) <= _MOST_CHARACTERS else None
    if found is None:
        raise Rejected(field, f'must look like name="value", and is {shown(written)}')
    name, operator, value = _unquoted(found[1]), found[2], _unquoted(found[3])
    wanted = operator in ("=", "=~")
    if operator in ("=", "!="):
        return lambda labels: (labels.get(name, "") == value) is wanted
    matches = expression(value, field)
    return lambda labels: matches(labels.get(name, "")) is wanted


def expression(pattern: str, field: str) -> Callable[[str], bool]:
    """Return a test of whole strings against a regular expression.

    Python's own engine takes exponential time over some patterns, and these come from outside. Pydantic's is Rust's,
    which is linear and has the syntax of Go's, which Alertmanager's users know.
    """
    try:
        validator = SchemaValidator(core_schema.str_schema(pattern=f"^(?:{pattern})$", strict=True))
    except SchemaError:
        raise Rejected(field, f"is not a regular expression: {shown(pattern)}") from None
    return validator.isinstance_python


def _unquoted(value: str) -> str:
    if len(value) < 2 or value[0] != '"' or value[-1] != '"':
        return value
    return _ESCAPE.sub(lambda found: "\n" if found[1] == "n" else found[1], value[1:-1])
