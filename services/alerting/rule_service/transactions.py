"""The database as the routes use it: to read, to write, or to change rules."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, Request

from alerting.rule_service.outbox import ChangeSet
from alerting.runtime.database import AsyncConnection, AsyncPool, postgres_errors


class Transactions:
    """Opens transactions, and tells the relay of those that changed rules."""

    def __init__(self, pool: AsyncPool, on_rule_changes: Callable[[], None]) -> None:
        self._pool = pool
        self._on_rule_changes = on_rule_changes

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection on which every statement sees what is committed then."""
        with postgres_errors():
            async with self._pool.connection() as connection:
                yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Give a transaction that changes no rules; it commits when the block ends well."""
        with postgres_errors():
            async with self._pool.connection() as connection, connection.transaction():
                yield connection

    @asynccontextmanager
    async def change_rules(self) -> AsyncIterator[ChangeSet]:
        """Give a transaction that may change rules, one at a time; the relay publishes what it recorded."""
        with postgres_errors():
            async with self._pool.connection() as connection, connection.transaction():
                changes = await ChangeSet.begin(connection)
                yield changes
        if changes.version is not None:
            self._on_rule_changes()


def _of_request(request: Request) -> Transactions:
    transactions: Transactions = request.app.state.transactions
    return transactions


Database = Annotated[Transactions, Depends(_of_request)]
