"""Pages of a table that is filtered, searched and sorted at will, in a time that does not depend on luck.

A page is looked for twice at most. First by walking along the index of the order, over a bounded number of rows: that
finds a page of whatever is frequent. What is rare, or stands at the other end, is gathered by what it is filtered by,
and then sorted. The planner would choose one of them by what it believes of columns that it takes for independent, and
sometimes walk over the whole table.
"""

import re
from collections.abc import Mapping
from typing import Any, Final, LiteralString, NamedTuple

from psycopg import sql

from alerting.rule_service.sorting import Listing
from alerting.rule_service.store.where import Where
from alerting.runtime.database import AsyncConnection, Row

_MOST_WALKED: Final = 5_000

_WALK: Final = """
    SELECT * FROM (SELECT {columns} FROM {table} {along} ORDER BY {order} LIMIT %(most_walked)s) AS walked
    {where} ORDER BY {order} LIMIT %(most)s
"""

# OFFSET keeps the planner from walking along an index after all.
_GATHER: Final = """
    SELECT * FROM (SELECT {columns} FROM {table} {where} OFFSET 0) AS gathered ORDER BY {order} LIMIT %(most)s
"""

# Planned as if all of it were wanted, but no more of it is made than is counted.
_COUNT: Final = """
    WITH found AS MATERIALIZED (SELECT 1 FROM {table} {where})
    SELECT count(*) AS number FROM (SELECT FROM found LIMIT %(most)s) AS counted
"""

# An index of parts of words knows no shorter ones, but how words begin; and nothing of what is no letter and no digit.
_WORD: Final = re.compile(r"[^\W_]+")
_LEAST_PART: Final = 3


class Table(NamedTuple):
    """A table that is listed."""

    name: LiteralString
    columns: LiteralString
    """What is read of a row: all that it is filtered and sorted by, too."""
    texts: LiteralString
    """What is searched, as the index has it."""
    leads: Mapping[str, LiteralString]
    """Columns with an index that has the id behind them, and what of their values it has, as in `Column.rank`."""
    few: frozenset[str] = frozenset()
    """Columns of which one value has so few rows that nothing is gained by walking."""
    shown: LiteralString = "{page}"
    """What is answered: the rows of a page, and what else there is about them, ordered again."""
    words: tuple[str, str] | None = None
    """Columns of which one has to be what is searched for, when that has no letter and no digit."""


class Filter(NamedTuple):
    """Which rows."""

    equal: Mapping[str, Any]
    search: str | None = None
    also: tuple[sql.Composable, ...] = ()

    def where(self, table: Table, *, without: str | None = None) -> Where:
        """Return the conditions, but for the one about a column."""
        where = Where({name: value for name, value in self.equal.items() if name != without})
        for condition in self.also:
            where.add_part("{}", condition)
        return _add_search(where, table, self.search) if self.search else where

    def is_about(self, column: str | None) -> bool:
        """Tell whether it has no condition but one about a column."""
        return self.equal.keys() <= {column} and not self.also and self.search is None


async def page(connection: AsyncConnection, table: Table, wanted: Filter, listing: Listing) -> list[Row]:
    """Return at most one more row than the listing's limit, in its order."""
    if not wanted.equal.keys() & table.few:
        lead = _lead(table, wanted, listing)
        parts = {"along": _along(table, wanted, lead, listing), "where": wanted.where(table, without=lead)}
        rows = await _ask(connection, _WALK, table, listing, parts)
        if len(rows) > listing.limit or wanted.is_about(lead):
            return rows
    return await _ask(connection, _GATHER, table, listing, {"where": _behind(wanted.where(table), listing)})


async def count(connection: AsyncConnection, table: Table, wanted: Filter, most: int) -> int:
    """Return how many rows there are, `most` at most."""
    where = wanted.where(table)
    query = sql.SQL(_COUNT).format(table=sql.SQL(table.name), where=where.clause)
    cursor = await connection.execute(query, where.params | {"most": most}, prepare=False)
    (row,) = await cursor.fetchall()
    return int(row["number"])


async def _ask(
    connection: AsyncConnection, query: LiteralString, table: Table, listing: Listing, parts: Mapping[str, Where]
) -> list[Row]:
    most = listing.limit + 1
    params: dict[str, Any] = {"most": most, "most_walked": max(most, _MOST_WALKED)}
    for part in parts.values():
        params |= part.params
    order = _order(listing)
    found = sql.SQL(query).format(
        columns=sql.SQL(table.columns),
        table=sql.SQL(table.name),
        order=order,
        **{name: part.clause for name, part in parts.items()},
    )
    shown = sql.SQL(table.shown).format(page=found, order=order)
    # Planned anew each time: what is rare, and what is not, is in the parameters.
    cursor = await connection.execute(shown, params, prepare=False)
    return await cursor.fetchall()


def _lead(table: Table, wanted: Filter, listing: Listing) -> str | None:
    """Return the column whose condition the walk follows, because one index has it and the order."""
    column = listing.column.name
    candidates = table.leads if column == "id" else (column,)
    return next((name for name in candidates if name in wanted.equal), None)


def _along(table: Table, wanted: Filter, lead: str | None, listing: Listing) -> Where:
    where = Where()
    if lead is not None:
        rank = table.leads[lead]
        where.add_part(f"{rank} = {rank}", sql.Identifier(lead), lead=wanted.equal[lead])
    return _behind(where, listing)


def _behind(where: Where, listing: Listing) -> Where:
    if listing.after is None:
        return where
    sign = sql.SQL("<" if listing.descending else ">")
    if listing.column.name == "id":
        return where.add_part("id {} {}", sign, place_id=listing.after.id)
    rank = listing.column.rank
    column = sql.Identifier(listing.column.name)
    return where.add_part(
        f"({rank}, id) {{}} ({rank}, {{}})", column, sign, place_value=listing.after.value, place_id=listing.after.id
    )


def _order(listing: Listing) -> sql.Composable:
    direction = sql.SQL(" DESC" if listing.descending else "")
    by_id = sql.SQL("id") + direction
    if listing.column.name == "id":
        return by_id
    return sql.SQL(listing.column.rank).format(sql.Identifier(listing.column.name)) + direction + sql.SQL(", ") + by_id


def _add_search(where: Where, table: Table, text: str) -> Where:
    """Add the condition that a text is part of a row's texts; or their beginning, where an index knows no more."""
    words = _WORD.findall(text)
    if not words and table.words:
        return where.add_part("({0} = {2} OR {1} = {2})", *map(sql.Identifier, table.words), word=text)
    escaped = re.sub(r"([\\%_])", r"\\\1", text)
    before = "" if max(map(len, words), default=0) >= _LEAST_PART else " "
    return where.add_part("{} LIKE lower({})", sql.SQL(table.texts), pattern=f"%{before}{escaped}%")
