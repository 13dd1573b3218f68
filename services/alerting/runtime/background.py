"""What a service does beside answering: loops that run until it ends."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Final

import structlog

_log = structlog.get_logger(__name__)

_AGAIN_SECONDS: Final = 0.5


@asynccontextmanager
async def in_background(*loops: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run loops meanwhile, and end them then. One that fails is logged, and takes nothing else with it."""
    tasks = [asyncio.create_task(loop) for loop in loops]
    for task in tasks:
        task.add_done_callback(_tell)
    try:
        yield
    finally:
        await end(*tasks)


async def end(*tasks: asyncio.Task[None]) -> None:
    """Cancel tasks, and wait until they have ended.

    A cancellation that comes at the moment of an answer, or of a time-out, may be lost in it: the loop goes on as if
    there had been none, and has to be cancelled again.
    """
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=_AGAIN_SECONDS)


def _tell(task: asyncio.Task[None]) -> None:
    error = None if task.cancelled() else task.exception()
    if error is not None:
        _log.error("a loop of the service failed", exc_info=error)
