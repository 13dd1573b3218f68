"""The broker of one machine, which tells ends too low and cannot delete messages."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from alerting.dead_letters.letter import Place
from alerting.dead_letters.replay import Handled
from alerting.dead_letters.selection import Selection
from alerting.local.tansu import TansuServer
from alerting.runtime.topic_settings import TopicSettings
from alerting.runtime.topics import ALERTS_MATCHED
from alerting.runtime.topics_admin import create_topics
from fix_dead_letters import Office, Refusals, opened
from fix_servers import Platform


@pytest.fixture
def embedded(tmp_path: Path, database: str) -> Iterator[Platform]:
    with TansuServer(tmp_path) as server:
        env = {"ALERTING_KAFKA_BOOTSTRAP_SERVERS": server.bootstrap_servers, "ALERTING_KAFKA_PREFIX": "p."}
        platform = Platform({**env, "ALERTING_POSTGRES_DSN": database})
        create_topics(platform.settings(TopicSettings))
        yield platform


@pytest.fixture
async def small_office(embedded: Platform) -> AsyncIterator[Office]:
    async with opened(embedded) as office:
        yield office


async def test_all_letters_are_found_and_handled_and_the_broker_survives_it(
    embedded: Platform, small_office: Office
) -> None:
    refusals = Refusals(embedded)
    refusals.write(*(b"%d" % number for number in range(10)))
    assert await small_office.places() == list(range(10))
    found = await asyncio.to_thread(small_office.desk.reader.find, Place(ALERTS_MATCHED, 0, 9))
    assert found is not None
    assert found.value == b"9"
    for missing in (10, 1_000):
        assert await asyncio.to_thread(small_office.desk.reader.find, Place(ALERTS_MATCHED, 0, missing)) is None
    everything = Selection((ALERTS_MATCHED,))
    done = await small_office.desk.replay.all(small_office.database, everything, "REPLAYED", "tester", limit=100)
    assert done == Handled(10, more=False)
    refusal = await small_office.truncate()
    assert refusal is not None
    assert "embedded" in refusal
    assert await small_office.places() == []
    assert len(refusals.rows()) == 10
    refusals.write(b"later")
    assert await small_office.places() == [10]
