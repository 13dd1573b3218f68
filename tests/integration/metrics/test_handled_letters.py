"""Letters that were replayed or dropped still stand in their topic, and are no dead letters any more."""

from collections.abc import AsyncIterator

import httpx
import psycopg
import pytest

from alerting.dead_letters.reader import Reader
from alerting.metrics.app import make_app
from alerting.metrics.handled_letters import HandledLetters
from alerting.metrics.settings import MetricsSettings
from alerting.runtime.clock import SystemClock
from alerting.runtime.database import async_pool
from alerting.runtime.errors import Unavailable
from alerting.runtime.topics import ALERTS_MATCHED, dead_letter_topic
from alerting.runtime.web import Web
from fix_dead_letters import Refusals, opened
from fix_http import bearer, make_key, running
from fix_servers import Platform
from fix_topics import topics_are


@pytest.fixture
async def client(platform: Platform) -> AsyncIterator[httpx.AsyncClient]:
    settings = platform.settings(MetricsSettings, metrics_cache=0)
    async with running(make_app(Web(settings, "metrics"), settings)) as client:
        client.headers.update(bearer(make_key(platform.dsn, "admin")))
        yield client


async def test_only_those_count_that_nothing_was_done_with(client: httpx.AsyncClient, platform: Platform) -> None:
    Refusals(platform).write(b"a", b"b", b"c", b"d")
    await topics_are(client, ALERTS_MATCHED, dead_letters=4)
    async with opened(platform) as office:
        await office.replay(0)
        await office.drop(2)
        await topics_are(client, ALERTS_MATCHED, dead_letters=2)
        await office.drop(1, 3)
        await topics_are(client, ALERTS_MATCHED, dead_letters=0)


async def test_what_was_done_with_letters_of_a_former_topic_hides_none(
    client: httpx.AsyncClient, platform: Platform
) -> None:
    Refusals(platform).write(b"a", b"b")
    with psycopg.connect(platform.dsn, autocommit=True) as connection:
        connection.execute(
            """
            INSERT INTO dead_letter_actions (topic, partition, "offset", action, at, actor)
            VALUES (%s, 0, 1, 'DROPPED', now() - interval '1 day', 'somebody')
            """,
            [platform.settings(MetricsSettings).kafka_prefix + dead_letter_topic(ALERTS_MATCHED)],
        )
    async with opened(platform) as office:
        await office.drop(0)
    await topics_are(client, ALERTS_MATCHED, dead_letters=1)


async def test_all_count_while_the_database_is_away(platform: Platform) -> None:
    Refusals(platform).write(b"a", b"b")
    async with opened(platform) as office:
        await office.drop(0)
    away = platform.settings(MetricsSettings, postgres_dsn="postgresql://nobody@127.0.0.1:1/nothing")
    reader = Reader(away, SystemClock(), timeout=10)
    pool = async_pool(away)
    try:
        await pool.open()
        with pytest.raises(Unavailable, match="postgres"):
            await HandledLetters(reader, pool, prefix=away.kafka_prefix, timeout=20).count([ALERTS_MATCHED])
    finally:
        reader.close()
        await pool.close()
