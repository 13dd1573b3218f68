"""Loops beside a service: ended with it, whatever becomes of their cancellation."""

import asyncio
from contextlib import suppress

import pytest

from alerting.runtime.background import in_background


async def forever() -> None:
    await asyncio.Event().wait()


async def test_loops_run_meanwhile_and_end_then() -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def loop() -> None:
        begun.set()
        try:
            await forever()
        finally:
            ended.set()

    async with in_background(loop(), forever()):
        await begun.wait()
        assert not ended.is_set()
    assert ended.is_set()


async def test_a_cancellation_that_is_lost_is_repeated() -> None:
    begun = asyncio.Event()
    lost = 0

    async def loop() -> None:
        nonlocal lost
        begun.set()
        with suppress(asyncio.CancelledError):
            await forever()
        lost += 1
        await forever()

    async with asyncio.timeout(10), in_background(loop()):
        await begun.wait()
    assert lost == 1


async def test_one_that_fails_says_so_and_takes_nothing_with_it(capsys: pytest.CaptureFixture[str]) -> None:
    async def fails() -> None:
        raise ZeroDivisionError("oh")

    running = asyncio.Event()

    async def loop() -> None:
        await asyncio.sleep(0)
        running.set()
        await forever()

    async with in_background(fails(), loop()):
        await running.wait()
    assert "ZeroDivisionError" in capsys.readouterr().out


async def test_they_end_with_an_error_of_the_service() -> None:
    ended = asyncio.Event()

    async def loop() -> None:
        try:
            await forever()
        finally:
            ended.set()

    async def service() -> None:
        async with in_background(loop()):
            await asyncio.sleep(0)
            raise KeyError

    with pytest.raises(KeyError):
        await service()
    assert ended.is_set()
