"""A question to the database, with its bound."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from alerting.runtime.database import AsyncConnection, AsyncPool, postgres_errors
from alerting.runtime.errors import Unavailable


@asynccontextmanager
async def asking(pool: AsyncPool, seconds: float) -> AsyncIterator[AsyncConnection]:
    """Yield a connection for what may take so many seconds in all, the wait for the connection among them.

    Raises
    ------
    Unavailable
        The database does not answer, or not in time.
    """
    try:
        async with asyncio.timeout(seconds):
            with postgres_errors():
                async with pool.connection() as connection:
                    yield connection
    except TimeoutError:
        raise Unavailable("postgres", f"no answer within {seconds:g} s") from None
