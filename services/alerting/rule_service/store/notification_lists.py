"""Lists of notifications, in a time that does not grow with the table.

Most questions are answered from an index. No set of indexes answers all combinations of filters, though: when the time
for that is over, the notifications are looked at one after another, for a little while, and what was found is a page
that says how far back it looked.
"""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Final, NamedTuple
from uuid import UUID

from psycopg import sql
from psycopg.errors import QueryCanceled

from alerting.rule_service.store.notification_filter import Wanted, resolve
from alerting.rule_service.store.notifications import SUMMARY
from alerting.rule_service.store.where import Where
from alerting.runtime.database import AsyncConnection, Row

_INDEX_SECONDS: Final = 0.12
_WALK_SECONDS: Final = 0.06
_STEP: Final = 5_000
_MOST_STEP: Final = 40_000
_STEP_SECONDS: Final = 0.02
"""A step that is done sooner is followed by one twice as long."""

_FIND: Final = sql.SQL("SELECT id FROM notifications {} ORDER BY id DESC LIMIT %(most)s")
_COUNT: Final = sql.SQL("SELECT count(*) AS number FROM (SELECT FROM notifications {} LIMIT %(most)s) AS found")
_BOUND: Final = sql.SQL("SELECT id FROM notifications {} ORDER BY id DESC OFFSET %(step)s LIMIT 1")
_LIST: Final = sql.SQL("""
    SELECT
        n.id, n.client_id, n.alert_id, n.severity, n.source, n.name, n.event_at, n.rule_ids, n.rules_version, n.status,
        n.created_at, n.finished_at, sent.*
    FROM notifications n CROSS JOIN LATERAL ({}) AS sent WHERE n.id = ANY(%(ids)s) ORDER BY n.id DESC
""").format(sql.SQL(SUMMARY))


class Listed(NamedTuple):
    """Notifications, the newest first."""

    rows: list[Row]
    looked_back_to: UUID | None
    """What is older was not looked at; none when the rows are all, or as many as were asked for."""


class Counted(NamedTuple):
    """How many notifications there are."""

    number: int
    more: bool
    """There are more, or the time did not suffice to know."""


async def page(connection: AsyncConnection, wanted: Wanted, before: UUID | None, limit: int) -> Listed:
    """Return at most one more than `limit` notifications."""
    found: list[UUID] = []
    reached: UUID | None = None

    async def find(where: Where, most: int) -> list[UUID]:
        rows = await _fetch(connection, _FIND.format(where.clause), where.params | {"most": most})
        return [row["id"] for row in rows]

    async def ask() -> list[UUID]:
        where = (await resolve(connection, wanted))().add("id", "<", before)
        return await find(where, limit + 1)

    quick = await _in_time(connection, ask)
    if quick is None:
        async for where, low in _steps(connection, wanted, before):
            found += await find(where, limit + 1 - len(found))
            reached = low
            if len(found) > limit:
                reached = None
                break
    rows = await _fetch(connection, _LIST, {"ids": found if quick is None else quick})
    return Listed(rows, reached)


async def count(connection: AsyncConnection, wanted: Wanted, most: int) -> Counted:
    """Return how many notifications there are, `most` at most."""

    async def number(where: Where, most: int) -> int:
        (row,) = await _fetch(connection, _COUNT.format(where.clause), where.params | {"most": most})
        return int(row["number"])

    async def ask() -> int:
        return await number((await resolve(connection, wanted))(), most + 1)

    quick = await _in_time(connection, ask)
    if quick is not None:
        return Counted(min(quick, most), quick > most)
    total, reached = 0, None
    async for where, low in _steps(connection, wanted, None):
        total += await number(where, most + 1 - total)
        reached = low
        if total > most:
            break
    return Counted(min(total, most), total > most or reached is not None)


async def ids(connection: AsyncConnection, wanted: Wanted, most: int) -> list[str]:
    """Return the ids of at most so many notifications, however long it takes."""
    where = (await resolve(connection, wanted))()
    query = sql.SQL("SELECT id::text FROM notifications {} ORDER BY id LIMIT %(most)s").format(where.clause)
    return [row["id"] for row in await _fetch(connection, query, where.params | {"most": most})]


async def _in_time(connection: AsyncConnection, ask: Callable[[], Awaitable[Any]]) -> Any | None:
    """Return what is answered, or None when it takes too long."""
    bound = f"{_INDEX_SECONDS * 1_000:.0f}"
    try:
        async with connection.transaction():
            # To compile a statement would take longer than it may.
            await connection.execute(
                "SELECT set_config('statement_timeout', %s, true), set_config('jit', 'off', true)", (bound,)
            )
            return await ask()
    except QueryCanceled:
        return None


async def _steps(
    connection: AsyncConnection, wanted: Wanted, before: UUID | None
) -> AsyncIterator[tuple[Where, UUID | None]]:
    """Yield conditions for one part after another, the newest first, with the id that the part begins at, if any."""
    step, deadline = _STEP, time.monotonic() + _WALK_SECONDS
    conditions = await resolve(connection, wanted)
    while True:
        began = time.monotonic()
        span = wanted.span().add("id", "<", before)
        rows = await _fetch(connection, _BOUND.format(span.clause), span.params | {"step": step})
        low = rows[0]["id"] if rows else None
        yield conditions().add("id", "<", before).add("id", ">=", low), low
        now = time.monotonic()
        if low is None or now > deadline:
            return
        before = low
        step = min(step * 2, _MOST_STEP) if now - began < _STEP_SECONDS else step


async def _fetch(connection: AsyncConnection, query: sql.Composed | sql.SQL, params: dict[str, Any]) -> list[Row]:
    # Planned anew each time: how much a value finds decides which index is the right one.
    return await (await connection.execute(query, params, prepare=False)).fetchall()
