"""Conditions of a statement. Only those that are wanted become part of it, so that each plan can use its index."""

from collections.abc import Mapping
from typing import Any

from psycopg import sql

Params = dict[str, Any]

_OPERATORS = {"=": sql.SQL("="), ">": sql.SQL(">"), "<": sql.SQL("<"), ">=": sql.SQL(">=")}


class Where:
    """Conditions that all have to hold, and their parameters."""

    def __init__(self, equal: Mapping[str, Any] | None = None) -> None:
        self._parts: list[sql.Composable] = []
        self.params: Params = {}
        for column, value in (equal or {}).items():
            self.add(column, "=", value)

    def add(self, column: str, operator: str, value: Any) -> "Where":
        """Add a condition, unless the value is None."""
        if value is not None:
            name = f"{column}{len(self._parts)}"
            self._parts.append(
                sql.SQL("{} {} {}").format(sql.Identifier(column), _OPERATORS[operator], sql.Placeholder(name))
            )
            self.params[name] = value
        return self

    @property
    def clause(self) -> sql.Composable:
        """Return the WHERE clause."""
        return sql.SQL("WHERE ") + sql.SQL(" AND ").join(self._parts) if self._parts else sql.SQL("")
