"""What integrations did is gathered, handed over, and kept while the journal is away; all of it bounded."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from alerting.events.v1 import Severity
from alerting.ingest.activity import Activity
from alerting.ingest.alert import Alert
from alerting.ingest.faults import Reject
from alerting.ingest.journal import MOST_INTEGRATIONS
from alerting.ingest.tally import MOST_REJECTS, Tally
from alerting.runtime.errors import Unavailable
from fix_clock import FakeClock
from fix_ingest import NOW, MemoryJournal


def alerts(number: int, name: str = "n") -> list[Alert]:
    return [Alert(f"a{place}", 0, Severity.HIGH, "s", name, {}) for place in range(number)]


def rejects(number: int) -> list[Reject]:
    return [Reject(place, "source", "must not be empty") for place in range(number)]


@pytest.fixture
def journal() -> MemoryJournal:
    return MemoryJournal()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture
def activity(journal: MemoryJournal, clock: FakeClock) -> Activity:
    return Activity(journal, clock)


async def test_what_was_gathered_is_handed_over_once(
    activity: Activity, journal: MemoryJournal, clock: FakeClock
) -> None:
    activity.accepted("prom", "alertmanager", alerts(3, "first"))
    clock.advance(1)
    activity.accepted("prom", "grafana", alerts(2, "last"))
    activity.refused("prom", "native", "key", rejects(4))
    activity.accepted("other", "native", alerts(1))
    for _ in range(2):
        await activity.hand_over()
    prom = journal.tallies["prom"]
    assert (prom.accepted, prom.rejected, prom.format, len(prom.rejects)) == (5, 4, "native", 4)
    assert prom.last is not None
    assert (prom.last.alert_id, prom.last.name, prom.last_at) == ("a1", "last", (NOW + 1) * 1_000_000)
    assert journal.tallies["other"].accepted == 1


async def test_nothing_is_nothing(activity: Activity, journal: MemoryJournal) -> None:
    activity.accepted("prom", "native", [])
    activity.refused("prom", "native", "key", [])
    await activity.hand_over()
    assert journal.tallies == {}


async def test_while_the_journal_is_away_it_is_kept_and_bounded(activity: Activity, journal: MemoryJournal) -> None:
    journal.down = True
    for _ in range(3):
        activity.accepted("prom", "native", alerts(10))
        activity.refused("prom", "native", "key", rejects(MOST_REJECTS - 1))
        with pytest.raises(Unavailable):
            await activity.hand_over()
    journal.down = False
    await activity.hand_over()
    prom = journal.tallies["prom"]
    assert (prom.accepted, prom.rejected, len(prom.rejects)) == (30, 3 * (MOST_REJECTS - 1), MOST_REJECTS)


async def test_made_up_names_do_not_fill_the_memory(activity: Activity, journal: MemoryJournal) -> None:
    journal.down = True
    for number in range(MOST_INTEGRATIONS + 500):
        activity.accepted(f"made-up-{number}", "native", alerts(1))
    with pytest.raises(Unavailable):
        await activity.hand_over()
    for number in range(MOST_INTEGRATIONS):
        activity.refused(f"more-{number}", "native", "key", rejects(1))
    journal.down = False
    await activity.hand_over()
    assert len(journal.tallies) == MOST_INTEGRATIONS
    assert all(tally.accepted == 1 for tally in journal.tallies.values())


class Half(MemoryJournal):
    """A journal that goes away after one part of what it is given."""

    async def add(self, tallies: Mapping[str, Tally]) -> None:
        await super().add(tallies)
        self.down = True


async def test_what_it_took_is_not_handed_over_again(clock: FakeClock) -> None:
    journal = Half()
    activity = Activity(journal, clock)
    for number in range(150):
        activity.accepted(f"i{number}", "native", alerts(1))
    for _ in range(5):
        journal.down = False
        try:
            await activity.hand_over()
        except Unavailable:
            activity.accepted("i149", "native", alerts(1))
    assert [tally.accepted for tally in journal.tallies.values()] == [1] * 149 + [2]


class Slow(MemoryJournal):
    """A journal that takes its time."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = asyncio.Event()
        self.go_on = asyncio.Event()

    async def add(self, tallies: Mapping[str, Tally]) -> None:
        self.begun.set()
        await self.go_on.wait()
        await super().add(tallies)


async def test_what_comes_meanwhile_is_not_lost(clock: FakeClock) -> None:
    journal = Slow()
    activity = Activity(journal, clock)
    activity.accepted("prom", "native", alerts(1))
    first: asyncio.Task[Any] = asyncio.create_task(activity.hand_over())
    await journal.begun.wait()
    activity.accepted("prom", "native", alerts(2))
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    journal.go_on.set()
    await activity.hand_over()
    assert journal.tallies["prom"].accepted == 3
