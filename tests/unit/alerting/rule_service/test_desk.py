"""One question at a time, whoever asks and whoever has gone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import pytest

from alerting.rule_service.desk import OneDesk
from alerting.rule_service.transactions import Transactions
from alerting.runtime.broker.memory import AsyncMemoryProducer, MemoryBroker
from alerting.runtime.clock import SystemClock
from alerting.runtime.config import Settings
from alerting.runtime.problem import Problem
from fix_rule_service import NOWHERE


class NoDatabase:
    @asynccontextmanager
    async def read(self) -> AsyncIterator[None]:
        yield None


def one_desk(patience: float) -> OneDesk:
    settings = Settings(kafka_bootstrap_servers=NOWHERE)
    producer = AsyncMemoryProducer(MemoryBroker())
    return OneDesk(settings, SystemClock(), producer, cast("Transactions", NoDatabase()), patience=patience)


class Question:
    """Is answered when it is told to."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.told = asyncio.Event()

    async def __call__(self, desk: Any, _connection: object) -> Any:
        self.asked.set()
        await self.told.wait()
        return desk


async def test_a_question_waits_for_the_one_before_and_has_the_same_desk() -> None:
    desk, first, second = one_desk(patience=30), Question(), Question()
    one = asyncio.create_task(desk.ask(first))
    await first.asked.wait()
    two = asyncio.create_task(desk.ask(second))
    await asyncio.sleep(0)
    assert not second.asked.is_set()
    first.told.set()
    second.told.set()
    assert await one is await two
    await desk.close()


async def test_nobody_waits_for_ever() -> None:
    desk, question = one_desk(patience=0.01), Question()
    asking = asyncio.create_task(desk.ask(question))
    await question.asked.wait()
    with pytest.raises(Problem, match="not answered yet") as refused:
        await desk.ask(Question())
    assert (refused.value.status, refused.value.headers) == (503, {"retry-after": "1"})
    await desk.close()
    question.told.set()
    await asking


async def test_when_the_one_who_asked_is_gone_the_desk_is_still_busy() -> None:
    desk, question = one_desk(patience=0.01), Question()
    asking = asyncio.create_task(desk.ask(question))
    await question.asked.wait()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    with pytest.raises(Problem, match="not answered yet"):
        await desk.ask(Question())
    question.told.set()
    await desk.close()


async def test_a_question_that_fails_leaves_the_desk_to_the_next() -> None:
    async def wrong(_desk: object, _connection: object) -> None:
        raise ValueError("no")

    async def right(_desk: object, _connection: object) -> str:
        return "yes"

    desk = one_desk(patience=30)
    with pytest.raises(ValueError, match="no"):
        await desk.ask(wrong)
    assert await desk.ask(right) == "yes"
    await desk.close()
