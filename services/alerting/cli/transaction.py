"""What a command does straight in the database, in one transaction."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from alerting.runtime.errors import Unavailable

Result = TypeVar("Result")


def in_transaction(work: "Callable[..., Awaitable[Result]]") -> Result:
    """Return what `work` returns, which is given a connection; end the command with a line when there is none."""
    from alerting.runtime.config import Settings, load  # noqa: PLC0415
    from alerting.runtime.database import async_connect, postgres_errors  # noqa: PLC0415

    async def run() -> Result:
        with postgres_errors():
            async with await async_connect(settings) as connection, connection.transaction():
                return await work(connection)

    settings = load(Settings)
    try:
        return asyncio.run(run())
    except Unavailable as error:
        raise SystemExit(str(error)) from None
