"""Which notifications are meant, as conditions of a statement."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from psycopg import sql

from alerting.rule_service.store.where import Where
from alerting.runtime.database import AsyncConnection

# An id begins with the millisecond that it was made at: the primary key is an index of time, too. What counts is when
# the database recorded it, and its clock may differ from the one that made the id.
_CLOCKS_DIFFER: Final = timedelta(minutes=1)

_MOST_SAME_ID: Final = 1_000

# The index of words has what is finished, and another one what is not. Each part says which, to be answered from it.
_WORDS: Final = """(
    status <> 'RECEIVED' AND source ILIKE {} OR status <> 'RECEIVED' AND name ILIKE {}
    OR status = 'RECEIVED' AND (source ILIKE {} OR name ILIKE {})
)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which notifications; of several statuses or severities, any."""

    tenant: str | None = None
    """Whose they must be, whatever else is asked for."""
    client_id: str | None = None
    statuses: Sequence[str] = ()
    severities: Sequence[str] = ()
    source: str | None = None
    name: str | None = None
    rule_id: str | None = None
    search: str | None = None
    """An id of an alert or a notification; or else a part of a source or a name, in any case."""
    begin: datetime | None = None
    end: datetime | None = None

    def span(self) -> Where:
        """Return the conditions that say in which part of an index they are: whose, and of which time."""
        where = Where({"client_id": self.client_id}).add("client_id", "=", self.tenant)
        if self.begin is not None:
            where.add("id", ">=", _lowest_id(self.begin, -_CLOCKS_DIFFER))
        if self.end is not None:
            where.add("id", "<", _lowest_id(self.end, _CLOCKS_DIFFER))
        return where


async def resolve(connection: AsyncConnection, wanted: Wanted) -> Callable[[], Where]:
    """Return what makes all conditions, after a look at what is searched for."""
    ids = [] if wanted.search is None else await _with_id(connection, wanted, wanted.search)

    def conditions() -> Where:
        where = wanted.span().add("created_at", ">=", wanted.begin).add("created_at", "<", wanted.end)
        where.any_of("status", wanted.statuses).any_of("severity", wanted.severities)
        where.add("source", "=", wanted.source).add("name", "=", wanted.name)
        if wanted.rule_id is not None:
            where.add_part("rule_ids @> {}", rule=[wanted.rule_id])
        if ids:
            where.add_part("id = ANY({})", ids=ids)
        elif wanted.search is not None:
            part = f"%{_literal(wanted.search)}%"
            where.add_part(_WORDS, source=part, name=part, open_source=part, open_name=part)
        return where

    return conditions


async def _with_id(connection: AsyncConnection, wanted: Wanted, searched: str) -> list[UUID]:
    """Return the notifications that have an id, or whose alert has it."""
    where = wanted.span().add("alert_id", "=", searched)
    query = sql.SQL("SELECT id FROM notifications {} LIMIT %(most)s").format(where.clause)
    cursor = await connection.execute(query, where.params | {"most": _MOST_SAME_ID}, prepare=False)
    ids = [row["id"] for row in await cursor.fetchall()]
    try:
        return [*ids, UUID(searched)]
    except ValueError:
        return ids


def _literal(text: str) -> str:
    """Return a pattern that finds the text itself."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _lowest_id(at: datetime, shift: timedelta) -> UUID:
    # Added as numbers: the first times that there are have none before them, and the last ones none behind.
    return UUID(int=max(int((at.timestamp() + shift.total_seconds()) * 1_000), 0) << 80)
