"""What a benchmark yields: one number, and what it is about."""

from dataclasses import dataclass

__all__ = ["Figure"]


@dataclass(frozen=True)
class Figure:
    """One measured number.

    Parameters
    ----------
    table, column
        Where it is printed.
    workload, size
        What was measured: the workload's name and the number of rules; 0 when no size is meant.
    value, unit
        The number, in ``ns``, ``us``, ``ms``, ``B``, ``rules/s``, ``/s``, ``×`` (times) or an empty string (a count).
    """

    table: str
    workload: str
    size: int
    column: str
    value: float
    unit: str
