"""Rules and events as Arrow columns, without a Python string a rule."""

from typing import Any

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
from numpy.typing import NDArray

from .workloads import Coded, Columns, Rules

__all__ = ["from_lists", "from_rules"]

_CHUNK = 1 << 22


def from_lists(columns: Columns) -> list[Any]:
    """Return lists of strings as Arrow string arrays."""
    return [pa.array(column, pa.string()) for column in columns]


def from_rules(rules: Rules) -> list[Any]:
    """Return rules as Arrow string columns, in chunks that keep the offsets within 32 bits."""
    return [_ids(len(rules)), *map(_column, (rules.clients, rules.severities, rules.sources, rules.names))]


def _column(column: Coded) -> Any:
    words = pa.array(column.vocabulary, pa.string())
    starts = range(0, len(column.codes), _CHUNK)
    return pa.chunked_array([words.take(pa.array(column.codes[i : i + _CHUNK])) for i in starts])


def _ids(count: int) -> Any:
    return pa.chunked_array([_id_chunk(i, min(i + _CHUNK, count)) for i in range(0, count, _CHUNK)])


def _id_chunk(start: int, stop: int) -> Any:
    """Write ``r`` and eight digits for every number from `start` to `stop`."""
    numbers = np.arange(start, stop, dtype=np.int64)
    text: NDArray[np.uint8] = np.empty((stop - start, 9), dtype=np.uint8)
    text[:, 0] = ord("r")
    for place in range(8, 0, -1):
        text[:, place] = numbers % 10 + ord("0")
        numbers //= 10
    offsets = np.arange(0, 9 * (stop - start) + 1, 9, dtype=np.int32)
    return pa.StringArray.from_buffers(stop - start, pa.py_buffer(offsets), pa.py_buffer(text))
