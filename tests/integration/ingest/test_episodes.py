"""The memory of episodes, in a real Redis."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, NamedTuple, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from redis import Redis

from alerting.events.v1 import Severity
from alerting.ingest.episodes import MEMORY_SECONDS, RedisEpisodes, redis_client
from alerting.ingest.signal import Signal
from alerting.local.ports import free_port
from alerting.runtime.errors import Unavailable
from fix_clock import FakeClock
from fix_ingest import NOW

T = TypeVar("T")

SECOND = 1_000_000
MICROS = NOW * SECOND


def firing(starts: float, ends: float = 240, fingerprint: str = "f1", shown: bytes = b"{}") -> Signal:
    """Return a signal; times are seconds from now."""
    return Signal(fingerprint, True, *_times(starts, ends), 0, Severity.LOW, "s", "n", {}, shown)


def resolved(starts: float, ends: float, fingerprint: str = "f1") -> Signal:
    return Signal(fingerprint, False, *_times(starts, ends), 0, Severity.LOW, "s", "n", {}, b"{}")


def _times(starts: float, ends: float) -> tuple[int, int]:
    return MICROS + int(starts * SECOND), MICROS + int(ends * SECOND)


class Memory:
    """The memory as its users see it, with seconds from now for names."""

    def __init__(self, episodes: RedisEpisodes) -> None:
        self.episodes = episodes

    async def place(self, *signals: Signal, integration: str = "prom") -> list[float]:
        return [(name - MICROS) / SECOND for name in await self.episodes.place(integration, signals)]

    async def firing(self, integration: str = "prom") -> list[tuple[float, float]]:
        found = await self.episodes.firing(integration)
        return [((each.starts_at - MICROS) / SECOND, (each.ends_at - MICROS) / SECOND) for each in found]


async def with_memory(url: str, clock: FakeClock, use: Callable[[Memory], Coroutine[Any, Any, T]]) -> T:
    client = redis_client(SecretStr(url), 5.0)
    try:
        return await use(Memory(RedisEpisodes(client, clock, 5.0)))
    finally:
        await client.aclose()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture
async def memory(redis_url: str, clock: FakeClock) -> Any:
    client = redis_client(SecretStr(redis_url), 5.0)
    yield Memory(RedisEpisodes(client, clock, 5.0))
    await client.aclose()


async def test_the_first_start_names_the_episode(memory: Memory) -> None:
    assert await memory.place(firing(-100)) == [-100]
    assert await memory.place(firing(-95), firing(-105), firing(-100)) == [-100, -100, -100]


async def test_other_alerts_and_integrations_are_apart(memory: Memory) -> None:
    assert await memory.place(firing(-100), firing(-50, fingerprint="f2")) == [-100, -50]
    assert await memory.place(firing(-10), integration="other") == [-10]


async def test_what_fires_after_the_end_is_new(memory: Memory) -> None:
    await memory.place(firing(-100))
    assert await memory.place(resolved(-100, -40)) == [-100]
    assert await memory.place(firing(-39)) == [-39]
    assert await memory.place(firing(-35)) == [-39]


async def test_a_late_replica_belongs_to_the_episode_that_ended(memory: Memory) -> None:
    await memory.place(firing(-100), resolved(-100, -40))
    assert await memory.place(firing(-95), firing(-40)) == [-100, -100]
    assert await memory.firing() == []


async def test_a_late_end_does_not_close_the_next_episode(memory: Memory) -> None:
    await memory.place(firing(-100), resolved(-100, -40), firing(-20))
    await memory.place(resolved(-95, -35))
    assert await memory.firing() == [(-20, 240)]
    assert await memory.place(firing(-18)) == [-20]


async def test_the_later_end_counts(memory: Memory) -> None:
    await memory.place(firing(-100), resolved(-100, -40), resolved(-95, -30), resolved(-100, -40))
    assert await memory.place(firing(-35)) == [-100]
    assert await memory.place(firing(-29)) == [-29]


async def test_an_end_that_nobody_began(memory: Memory) -> None:
    await memory.place(resolved(-100, -40))
    assert await memory.place(firing(-100)) == [-100]
    assert await memory.firing() == []
    assert await memory.place(firing(-39)) == [-39]


async def test_what_is_listed(memory: Memory, clock: FakeClock) -> None:
    await memory.place(firing(-100, 60), firing(-90, 120, "f2", b'{"labels": {}}'), firing(-10, 300), integration="a")
    assert await memory.firing("a") == [(-100, 300), (-90, 120)]
    assert (await memory.episodes.firing("a"))[1].shown == b'{"labels": {}}'
    clock.advance(121)
    assert await memory.firing("a") == [(-100, 300)]
    assert await memory.firing("b") == []


async def test_more_than_one_question_to_redis(memory: Memory) -> None:
    signals = [firing(-number, fingerprint=f"f{number}") for number in range(1, 1_001)]
    assert await memory.place(*signals) == [-float(number) for number in range(1, 1_001)]
    assert len(await memory.firing()) == 1_000


async def test_how_long_it_remembers(memory: Memory, redis_url: str) -> None:
    with Redis.from_url(redis_url) as redis:

        def lasts(fingerprint: str) -> float:
            milliseconds: Any = redis.pttl(f"ingest:{{prom}}:episode:{fingerprint}")
            return float(milliseconds) / 1_000

        await memory.place(firing(-100, 240), firing(0, 1e7, "far"), resolved(-100, -40, "ended"))
        assert MEMORY_SECONDS + 200 < lasts("f1") <= MEMORY_SECONDS + 240
        assert 29 * 86_400 < lasts("far") <= 30 * 86_400
        assert MEMORY_SECONDS - 40 < lasts("ended") <= MEMORY_SECONDS
        # A shorter end of another replica takes nothing away.
        await memory.place(firing(-100, 60))
        assert lasts("f1") > MEMORY_SECONDS + 200
        assert (-100, 240) in await memory.firing()
        await memory.place(resolved(-100, -1))
        assert lasts("f1") > MEMORY_SECONDS + 200
        assert redis.ttl("ingest:{prom}:open") > 0


async def test_a_redis_that_lost_everything(memory: Memory, redis_url: str) -> None:
    await memory.place(firing(-100))
    with Redis.from_url(redis_url) as redis:
        redis.flushdb()
        redis.script_flush()
    # The replica that named the episode names it again.
    assert await memory.place(firing(-100), firing(-95)) == [-100, -100]


async def test_without_redis_the_start_decides(clock: FakeClock) -> None:
    client = redis_client(SecretStr(f"redis://127.0.0.1:{free_port()}/0"), 0.4)
    memory = Memory(RedisEpisodes(client, clock, 0.4))
    assert await memory.place(firing(-100), firing(-95), resolved(-95, -1)) == [-100, -95, -95]
    with pytest.raises(Unavailable):
        await memory.firing()
    await client.aclose()


class Truth(NamedTuple):
    """What really happened, and what two replicas told of it."""

    episodes: list[tuple[int, int]]
    messages: list[tuple[int, Signal]]


@st.composite
def truths(draw: st.DrawFn) -> Truth:
    """Draw episodes that two replicas notice up to 20 seconds apart, and tell with delays of up to 30."""
    moment = 0
    episodes = []
    for _ in range(draw(st.integers(1, 4))):
        begin = moment + draw(st.integers(60, 400))
        moment = begin + draw(st.integers(30, 300))
        episodes.append((begin, moment))
    messages: list[tuple[int, Signal]] = []
    for _replica in range(2):
        offset, delay = draw(st.integers(0, 20)), draw(st.integers(0, 30))
        for begin, end in episodes:
            starts, ends = begin + offset, end + offset
            messages += [(at + delay, firing(starts, at + 240)) for at in range(starts, ends, 60)]
            if draw(st.booleans()):
                messages += [(at + delay, resolved(starts, ends)) for at in range(ends, ends + 900, 60)]
            else:
                messages.append((ends + delay, resolved(starts, ends)))
    messages.sort(key=lambda message: message[0])
    return Truth(episodes, messages)


@given(truths())
def test_a_pair_notifies_once_for_each_episode(valkey: str, truth: Truth) -> None:
    async def names(memory: Memory) -> set[float]:
        found = set()
        for at, signal in truth.messages:
            wound.advance(NOW + at - wound.now())
            (name,) = await memory.place(signal)
            if signal.firing:
                found.add(name)
        return found

    with Redis.from_url(valkey) as redis:
        redis.flushdb()
    wound = FakeClock(NOW)
    found = asyncio.run(with_memory(valkey, wound, names))
    assert len(found) == len(truth.episodes)


class Model:
    """The memory as it is described, without Redis."""

    def __init__(self) -> None:
        self.known: dict[str, tuple[float, float | None]] = {}

    def place(self, signal: Signal) -> float:
        starts, ends = ((at - MICROS) / SECOND for at in (signal.starts_at, signal.ends_at))
        opened, closed = self.known.get(signal.fingerprint, (None, None))
        if signal.firing:
            if opened is None or (closed is not None and starts > closed):
                opened, closed = starts, None
        elif opened is None:
            opened, closed = starts, ends
        elif ends >= opened:
            closed = ends if closed is None else max(closed, ends)
        self.known[signal.fingerprint] = opened, closed
        return opened

    def open(self) -> int:
        return sum(closed is None for _, closed in self.known.values())


SIGNALS = st.builds(
    lambda fires, starts, lasts, fingerprint: (
        firing(starts, 240 + lasts, fingerprint) if fires else resolved(starts, starts + lasts, fingerprint)
    ),
    st.booleans(),
    st.integers(-200, 0),
    st.integers(0, 200),
    st.sampled_from(["f1", "f2"]),
)


@given(st.lists(st.one_of(st.lists(SIGNALS, min_size=1, max_size=4), st.none()), max_size=12))
def test_any_sequence_is_as_described(valkey: str, steps: list[list[Signal] | None]) -> None:
    async def play(memory: Memory) -> None:
        model = Model()
        for batch in steps:
            if batch is None:
                redis.flushdb()
                model = Model()
            else:
                assert await memory.place(*batch) == [model.place(signal) for signal in batch]
            assert len(await memory.firing()) == model.open()

    with Redis.from_url(valkey) as redis:
        redis.flushdb()
        asyncio.run(with_memory(valkey, FakeClock(NOW), play))
