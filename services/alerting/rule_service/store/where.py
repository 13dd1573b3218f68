"""Conditions of a statement. Only those that are wanted become part of it, so that each plan can use its index."""

from collections.abc import Mapping, Sequence
from typing import Any, LiteralString

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

    def any_of(self, column: str, values: Sequence[Any]) -> "Where":
        """Add the condition that a column has one of these values, if there are any."""
        if not values:
            return self
        if len(values) == 1:
            return self.add(column, "=", values[0])
        return self.add_part("{} = ANY({})", sql.Identifier(column), values=list(values))

    def add_part(self, text: LiteralString, *parts: sql.Composable, **params: Any) -> "Where":
        """Add a condition with parts, and behind them a place for each of the parameters."""
        names = {name: f"{name}{len(self._parts)}" for name in params}
        places = [sql.Placeholder(name) for name in names.values()]
        self._parts.append(sql.SQL(text).format(*parts, *places))
        self.params |= {names[name]: value for name, value in params.items()}
        return self

    @property
    def clause(self) -> sql.Composable:
        """Return the WHERE clause."""
        return sql.SQL("WHERE ") + sql.SQL(" AND ").join(self._parts) if self._parts else sql.SQL("")
