"""The alerts of real systems, which generated ones are drawn from."""

import csv
from collections.abc import Iterable, Sequence
from importlib.resources import files
from typing import Final, NamedTuple

COLUMNS: Final = ("severity", "source", "name")
SEVERITIES: Final = ("LOW", "MEDIUM", "HIGH", "CRITICAL")

_MOST_CHARACTERS: Final = 255


class CatalogError(ValueError):
    """A catalog that cannot be used; the text names the line and the column."""


class CatalogAlert(NamedTuple):
    """One alert that a real system raises."""

    severity: str
    source: str
    name: str


def load_catalog() -> Sequence[CatalogAlert]:
    """Return the catalog that is shipped: where it comes from is in CATALOG.md."""
    return read_catalog((files("alerting.alert_producer") / "catalog.csv").read_text(encoding="utf-8").splitlines())


def read_catalog(lines: Iterable[str]) -> Sequence[CatalogAlert]:
    """Read CSV that has at least the columns severity, source and name.

    Raises
    ------
    CatalogError
        A column is missing, a value is empty, too long or no severity, or there is no alert at all.
    """
    rows = csv.DictReader(lines)
    missing = [column for column in COLUMNS if column not in (rows.fieldnames or ())]
    if missing:
        raise CatalogError(f"the first line has no column {', '.join(missing)}")
    # A pair that is listed twice would come twice as often.
    alerts = list(dict.fromkeys(_alert(rows.line_num, row) for row in rows))
    if not alerts:
        raise CatalogError("there is no alert in it")
    return alerts


def _alert(line: int, row: dict[str, str | None]) -> CatalogAlert:
    severity, source, name = ((row[column] or "").strip() for column in COLUMNS)
    if severity not in SEVERITIES:
        raise CatalogError(f"line {line}: severity must be one of {', '.join(SEVERITIES)}")
    for column, value in (("source", source), ("name", name)):
        if not 1 <= len(value) <= _MOST_CHARACTERS:
            raise CatalogError(f"line {line}: {column} must have 1 to {_MOST_CHARACTERS} characters")
    return CatalogAlert(severity, source, name)
