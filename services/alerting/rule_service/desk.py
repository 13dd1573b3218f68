"""The desk of dead letters as the routes use it: opened when it is first asked, for one question at a time."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import ExitStack, suppress
from typing import Annotated, Any, Final, TypeVar

from fastapi import Depends, Request

from alerting.dead_letters.desk import Desk, open_desk
from alerting.rule_service.transactions import Transactions
from alerting.runtime.broker import AsyncProducer
from alerting.runtime.clock import Clock
from alerting.runtime.config import Settings
from alerting.runtime.database import AsyncConnection
from alerting.runtime.problem import Problem

SECONDS: Final = 10.0
"""For so long a question may look for letters, and the next one waits for its turn."""
_BROKER_SECONDS: Final = 5.0

Answer = TypeVar("Answer")


class OneDesk:
    """The desk, behind a lock: what reads for it blocks, and is for one thread at a time."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        producer: AsyncProducer,
        transactions: Transactions,
        *,
        patience: float = SECONDS,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._producer = producer
        self._transactions = transactions
        self._patience = patience
        self._turn = asyncio.Lock()
        self._opened = ExitStack()
        self._desk: Desk | None = None
        self._asked: asyncio.Task[Any] | None = None

    async def ask(self, question: Callable[[Desk, AsyncConnection], Awaitable[Answer]]) -> Answer:
        """Return what the desk answers, when it is this question's turn.

        Raises
        ------
        Problem
            503: the question before takes too long.
        Unavailable
            The broker or the database does not answer.
        """
        if not await self._get_turn():
            raise Problem(503, "another question about dead letters is not answered yet", headers={"retry-after": "1"})
        # A task of its own: when the one who asked is gone, a thread may still read for the answer.
        asked = self._asked = asyncio.create_task(self._answer(question), name="dead-letters")
        return await asyncio.shield(asked)

    async def close(self) -> None:
        """Let go of the broker, unless a question is not answered in time: that ends with the process."""
        if await self._get_turn():
            await asyncio.to_thread(self._opened.close)

    async def _get_turn(self) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._patience):
                return await self._turn.acquire()
        return False

    async def _answer(self, question: Callable[[Desk, AsyncConnection], Awaitable[Answer]]) -> Answer:
        try:
            async with self._transactions.read() as connection:
                return await question(self._open(), connection)
        finally:
            self._turn.release()

    def _open(self) -> Desk:
        if self._desk is None:
            desk = open_desk(
                self._settings, self._clock, self._producer, timeout=_BROKER_SECONDS, seconds=self._patience
            )
            self._desk = self._opened.enter_context(desk)
        return self._desk


def _of_request(request: Request) -> OneDesk:
    desk: OneDesk = request.app.state.desk
    return desk


LetterDesk = Annotated[OneDesk, Depends(_of_request)]
