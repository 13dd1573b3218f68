"""Answers kept for a moment."""

import asyncio

import pytest

from alerting.metrics.cache import Cache
from alerting.runtime.errors import Unavailable
from fix_clock import FakeClock


class Source:
    """Counts how often it is asked, and takes its time."""

    def __init__(self, clock: FakeClock, seconds: float = 0.0, failure: Unavailable | None = None) -> None:
        self._clock = clock
        self._seconds = seconds
        self.failure = failure
        self.asked = 0

    async def __call__(self) -> int:
        self.asked += 1
        await asyncio.sleep(0)
        self._clock.advance(self._seconds)
        if self.failure is not None:
            raise self.failure
        return self.asked


async def test_an_answer_is_kept_for_its_time() -> None:
    clock = FakeClock()
    cache, source = Cache[str, int](clock, seconds=1.5), Source(clock)
    assert await cache.get("key", source) == 1
    clock.advance(1.4)
    assert await cache.get("key", source) == 1
    clock.advance(0.2)
    assert await cache.get("key", source) == 2


async def test_keys_have_answers_of_their_own() -> None:
    clock = FakeClock()
    cache, source = Cache[str, int](clock, seconds=1.5), Source(clock)
    assert [await cache.get("one", source), await cache.get("other", source), await cache.get("one", source)] == [
        1,
        2,
        1,
    ]


async def test_who_asks_at_the_same_time_asks_once() -> None:
    clock = FakeClock()
    cache, source = Cache[str, int](clock, seconds=1.5), Source(clock)
    assert await asyncio.gather(*(cache.get("key", source) for _ in range(50))) == [1] * 50


async def test_what_was_hard_to_get_is_kept_for_longer() -> None:
    clock = FakeClock()
    cache, source = Cache[str, int](clock, seconds=1.5), Source(clock, seconds=2)
    await cache.get("key", source)
    clock.advance(19)
    assert await cache.get("key", source) == 1
    clock.advance(2)
    assert await cache.get("key", source) == 2


async def test_but_not_for_more_than_a_minute() -> None:
    clock = FakeClock()
    cache, source = Cache[str, int](clock, seconds=1.5), Source(clock, seconds=100)
    await cache.get("key", source)
    clock.advance(61)
    assert await cache.get("key", source) == 2


async def test_a_failure_is_kept_too_and_then_tried_again() -> None:
    clock = FakeClock()
    cache, source = Cache[str, int](clock, seconds=1.5), Source(clock, failure=Unavailable("redis", "away"))
    for _ in range(3):
        with pytest.raises(Unavailable, match="away"):
            await cache.get("key", source)
    assert source.asked == 1
    source.failure = None
    clock.advance(2)
    assert await cache.get("key", source) == 2


async def test_a_failure_is_not_kept_for_as_long_as_an_answer() -> None:
    clock = FakeClock()
    cache, source = Cache[str, int](clock, seconds=300), Source(clock, failure=Unavailable("redis", "away"))
    with pytest.raises(Unavailable):
        await cache.get("key", source)
    source.failure = None
    clock.advance(2)
    assert await cache.get("key", source) == 2
    clock.advance(299)
    assert await cache.get("key", source) == 2


async def test_a_failure_that_took_long_is_kept_for_as_long_as_it_took() -> None:
    clock = FakeClock()
    cache, source = Cache[str, int](clock, seconds=1.5), Source(clock, 5, Unavailable("kafka", "no answer within 5 s"))
    with pytest.raises(Unavailable):
        await cache.get("key", source)
    source.failure = None
    clock.advance(4.9)
    with pytest.raises(Unavailable):
        await cache.get("key", source)
    clock.advance(0.2)
    assert await cache.get("key", source) == 2


async def test_another_error_is_not_kept() -> None:
    clock = FakeClock()
    cache = Cache[str, int](clock, seconds=1.5)

    async def fail() -> int:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await cache.get("key", fail)
    assert await cache.get("key", Source(clock)) == 1


async def test_the_least_recently_asked_for_is_forgotten() -> None:
    clock = FakeClock()
    cache, source = Cache[str, int](clock, seconds=100, most=2), Source(clock)
    await cache.get("one", source)
    await cache.get("two", source)
    await cache.get("one", source)
    await cache.get("three", source)
    assert await cache.get("one", source) == 1
    assert await cache.get("two", source) == 4


async def test_who_gives_up_leaves_the_others_to_it() -> None:
    clock = FakeClock()
    cache, source = Cache[str, int](clock, seconds=1.5), Source(clock)
    first = asyncio.create_task(cache.get("key", source))
    second = asyncio.create_task(cache.get("key", source))
    await asyncio.sleep(0)
    first.cancel()
    assert await second == 2
    assert first.cancelled()
