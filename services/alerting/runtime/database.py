"""PostgreSQL: pools, and its errors as ours."""

import weakref
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.rows import TupleRow, dict_row
from psycopg_pool import AsyncConnectionPool, PoolClosed, PoolTimeout

from alerting.runtime.config import Settings
from alerting.runtime.errors import Unavailable
from alerting.runtime.telemetry import POOL_CONNECTIONS, POOL_MOST, POOL_WAITING

Row = dict[str, Any]
AsyncConnection = psycopg.AsyncConnection[Row]
AsyncPool = AsyncConnectionPool[AsyncConnection]

# Every statement is bounded, and so is a transaction that its client forgot.
_OPTIONS = "-c statement_timeout=30s -c idle_in_transaction_session_timeout=60s -c timezone=UTC"

# A table or a column that is missing is one that `alerting migrate` has not made yet.
_NOT_MIGRATED = (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn)
# A process that was stopped within a transaction finds one of these when it wakes; it is a connection that is gone.
_FORGOTTEN = (psycopg.errors.IdleInTransactionSessionTimeout, psycopg.errors.TransactionTimeout)
_DOWN = (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout, PoolClosed, *_FORGOTTEN, *_NOT_MIGRATED)


@contextmanager
def postgres_errors() -> Iterator[None]:
    """Raise `Unavailable` for what may work again later: no connection, a restart, a deadlock, a full disk."""
    try:
        yield
    except _DOWN as error:
        raise Unavailable("postgres", error) from error


def connect(settings: Settings) -> psycopg.Connection[TupleRow]:
    """Open one connection, for a service that works in one thread; in autocommit mode."""
    with postgres_errors():
        return psycopg.connect(
            settings.postgres_dsn.get_secret_value(),
            autocommit=True,
            connect_timeout=5,
            options=_OPTIONS,
            application_name=settings.instance,
        )


def _parameters(settings: Settings, options: str = "") -> dict[str, Any]:
    return {
        "autocommit": True,
        "connect_timeout": 5,
        "options": f"{_OPTIONS} {options}",
        "application_name": settings.instance,
        "row_factory": dict_row,
    }


async def async_connect(settings: Settings) -> AsyncConnection:
    """Open one connection, for a command that is done soon; in autocommit mode."""
    with postgres_errors():
        return await AsyncConnection.connect(settings.postgres_dsn.get_secret_value(), **_parameters(settings))


def async_pool(
    settings: Settings,
    *,
    size: int = 10,
    options: str = "",
    configure: Callable[[AsyncConnection], Awaitable[None]] | None = None,
) -> AsyncPool:
    """Make a pool that connects when it is opened, and retries until it can.

    `options` are more of the server's; `configure` is given each connection that is made.
    """
    pool: AsyncPool = AsyncConnectionPool(
        settings.postgres_dsn.get_secret_value(),
        connection_class=AsyncConnection,
        kwargs=_parameters(settings, options),
        min_size=1,
        max_size=size,
        timeout=5.0,
        # The pauses between attempts double until then; who asks for a connection after it begins anew.
        reconnect_timeout=5.0,
        max_waiting=1_000,
        configure=configure,
        open=False,
        check=AsyncConnectionPool.check_connection,
    )
    _show(pool)
    return pool


def _show(pool: AsyncPool) -> None:
    """Let the metrics tell how the pool is; a process has one."""
    there = weakref.ref(pool)

    def stats(of: Callable[[dict[str, int]], int]) -> Callable[[], float]:
        def now() -> float:
            pool = there()
            return 0 if pool is None else of(pool.get_stats())

        return now

    POOL_MOST.set(pool.max_size)
    POOL_CONNECTIONS.labels("idle").set_function(stats(lambda now: now["pool_available"]))
    POOL_CONNECTIONS.labels("used").set_function(stats(lambda now: now["pool_size"] - now["pool_available"]))
    POOL_WAITING.set_function(stats(lambda now: now["requests_waiting"]))


async def check_postgres(pool: AsyncPool) -> None:
    """Return when the database answers."""
    with postgres_errors():
        async with pool.connection(timeout=3.0) as connection:
            await connection.execute("SELECT 1")
