"""Columns of strings that need nothing but numpy, and the rules as columns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fix_rules import RULES

Maker = Callable[[list[Any]], Any]

COLUMNS: list[list[str]] = [list(column) for column in zip(*RULES, strict=True)]
LABELS = ("rule_ids", "client_ids", "severities", "sources", "names")
# Every length of a UTF-8 sequence, and lengths around what string_view and StringDType keep inline.
TEXTS = ["a", "é", "日本", "\U0001f600", "", "*", "x" * 12, "x" * 13, "x" * 15, "x" * 16, "é" * 1000, "a\0b", "e\u0301"]

PLAIN_MAKERS: dict[str, Maker] = {
    "list": list,
    "tuple": tuple,
    "numpy object": lambda values: np.array(values, dtype=object),
    "numpy object, backwards": lambda values: np.array(values[::-1], dtype=object)[::-1],
    "numpy U": lambda values: np.array(values, dtype=str),
    "numpy U, every second": lambda values: np.repeat(np.array(values, dtype=str), 2)[::2],
    "numpy U, the other byte order": lambda values: swapped(np.array(values, dtype=str)),
}
if hasattr(np.dtypes, "StringDType"):  # numpy 2
    PLAIN_MAKERS["numpy StringDType"] = lambda values: np.array(values, dtype=np.dtypes.StringDType())


def swapped(array: Any) -> Any:
    """Return an array of the same values in the byte order of other machines."""
    return array.astype(array.dtype.newbyteorder())
