"""What becomes of episodes when Redis fails; with a real one they are in tests/integration."""

import asyncio
from typing import Any

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError, ResponseError

from alerting.events.v1 import Severity
from alerting.ingest.episodes import RETRY_SECONDS, RedisEpisodes
from alerting.ingest.signal import Signal
from fix_clock import FakeClock
from fix_ingest import NOW


class FakeRedis:
    """A Redis that has one script, which answers what it is told to."""

    def __init__(self) -> None:
        self.asked = 0
        self.error: BaseException | None = None
        self.hangs = False

    def register_script(self, _text: str) -> Any:
        return self.run

    async def run(self, keys: list[str], _arguments: list[object]) -> list[bytes]:
        self.asked += 1
        if self.hangs:
            await asyncio.Event().wait()
        if self.error is not None:
            raise self.error
        return [b"7"] * (len(keys) - 1)


def signals(count: int) -> list[Signal]:
    return [Signal(f"f{number}", True, number, 9, 0, Severity.LOW, "s", "n", {}, b"{}") for number in range(count)]


@pytest.mark.parametrize("error", [RedisConnectionError("away"), ResponseError("READONLY"), RedisError("x"), OSError()])
async def test_a_failure_is_tried_again_after_some_seconds(error: BaseException) -> None:
    redis, clock = FakeRedis(), FakeClock(NOW)
    episodes = RedisEpisodes(redis, clock, 1.0)  # type: ignore[arg-type]
    assert await episodes.place("x", signals(2)) == [7, 7]
    redis.error = error
    for _ in range(3):
        assert await episodes.place("x", signals(2)) == [0, 1]
    assert redis.asked == 2
    clock.advance(RETRY_SECONDS)
    assert await episodes.place("x", signals(2)) == [0, 1]
    assert redis.asked == 3
    redis.error = None
    clock.advance(RETRY_SECONDS)
    for _ in range(2):
        assert await episodes.place("x", signals(2)) == [7, 7]
    assert redis.asked == 5


async def test_a_redis_that_does_not_answer_is_not_waited_for() -> None:
    redis = FakeRedis()
    redis.hangs = True
    episodes = RedisEpisodes(redis, FakeClock(NOW), 0.01)  # type: ignore[arg-type]
    assert await episodes.place("x", signals(600)) == list(range(600))
    assert redis.asked == 1


async def test_while_one_tries_the_others_go_on() -> None:
    redis, clock = FakeRedis(), FakeClock(NOW)
    episodes = RedisEpisodes(redis, clock, 0.01)  # type: ignore[arg-type]
    redis.hangs = True
    await episodes.place("x", signals(1))
    clock.advance(RETRY_SECONDS)
    await asyncio.gather(*(episodes.place("x", signals(1)) for _ in range(10)))
    assert redis.asked == 2


async def test_redis_is_asked_in_portions() -> None:
    redis = FakeRedis()
    episodes = RedisEpisodes(redis, FakeClock(NOW), 1.0)  # type: ignore[arg-type]
    assert await episodes.place("x", signals(600)) == [7] * 600
    assert redis.asked == 3
    assert await episodes.place("x", []) == []
