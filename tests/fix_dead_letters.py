"""Dead letters on a real broker, what handles them, and the command line."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from typing import Any

import orjson
import psycopg
from confluent_kafka import Message

from alerting.dead_letters.desk import Desk, open_desk
from alerting.dead_letters.letter import Letter
from alerting.dead_letters.selection import Selection
from alerting.runtime.broker import HEADERS, Headers
from alerting.runtime.broker.kafka import KafkaProducer
from alerting.runtime.broker.kafka_async import AsyncKafkaProducer
from alerting.runtime.clock import SystemClock
from alerting.runtime.config import Settings
from alerting.runtime.database import AsyncConnection, async_connect
from alerting.runtime.topics import ALERTS_MATCHED, TOPICS, dead_letter_topic
from fix_servers import Platform
from fix_topics import reading


@dataclass(frozen=True)
class Office:
    """A desk with its connection."""

    desk: Desk
    database: AsyncConnection

    async def waiting(self, *topics: str, limit: int = 10_000, **more: Any) -> list[Letter]:
        page = await self.desk.waiting.page(self.database, Selection(topics or TOPICS, **more), limit)
        return list(page.letters)

    async def places(self, *topics: str) -> list[int]:
        return [letter.place.offset for letter in await self.waiting(*topics)]

    async def letter(self, topic: str, offset: int) -> Letter:
        (found,) = [each for each in await self.waiting(topic) if each.place.offset == offset]
        return found

    async def replay(self, *offsets: int, topic: str = ALERTS_MATCHED) -> int:
        letters = [await self.letter(topic, offset) for offset in offsets]
        return await self.desk.replay.these(self.database, letters, "REPLAYED", "tester")

    async def drop(self, *offsets: int, topic: str = ALERTS_MATCHED) -> int:
        letters = [await self.letter(topic, offset) for offset in offsets]
        return await self.desk.replay.these(self.database, letters, "DROPPED", "tester")

    async def truncate(self, topic: str = ALERTS_MATCHED) -> str | None:
        return await self.desk.truncation.run(self.database, topic)

    async def begin(self, topic: str = ALERTS_MATCHED) -> int:
        (span,) = await asyncio.to_thread(self.desk.reader.spans, topic)
        return span.begin


@dataclass(frozen=True)
class Refusals:
    """Writes dead letters as the services do, and looks at what became of them."""

    platform: Platform

    def write(
        self,
        *values: bytes | None,
        topic: str = ALERTS_MATCHED,
        key: bytes | None = b"acme",
        reason: str = "undecodable",
        error: str = "it is wrong",
        headers: Headers = HEADERS,
    ) -> None:
        about: Headers = [
            ("dlq-reason", reason.encode()),
            ("dlq-error", error.encode()),
            ("dlq-service", b"aggregator"),
        ]
        with closing(KafkaProducer(self.platform.settings(Settings))) as producer:
            for value in values:
                producer.send(dead_letter_topic(topic), key, value, [*headers, *about])
            producer.flush()

    def sent(self, number: int, topic: str = ALERTS_MATCHED) -> list[Message]:
        """Return so many messages of a topic, when there are."""
        with reading(self.platform, topic) as reader:
            return reader.await_(lambda messages: len(messages) >= number, f"{number} messages")

    def rows(self) -> list[tuple[Any, ...]]:
        """Return topic, partition, offset, action and actor of each row."""
        with psycopg.connect(self.platform.dsn) as connection:
            return connection.execute(
                'SELECT topic, partition, "offset", action, actor FROM dead_letter_actions ORDER BY 1, 2, 3'
            ).fetchall()

    def run(self, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Run ``alerting dlq``."""
        return subprocess.run(
            [sys.executable, "-m", "alerting", "dlq", *arguments],
            env={**os.environ, **self.platform.env, "COLUMNS": "250", **env},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def objects(self, *arguments: str) -> list[dict[str, Any]]:
        """Run it and return the objects that it prints."""
        done = self.run(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        return [orjson.loads(line) for line in done.stdout.splitlines()]


@asynccontextmanager
async def opened(platform: Platform) -> AsyncIterator[Office]:
    settings = platform.settings(Settings)
    with (
        closing(AsyncKafkaProducer(settings)) as producer,
        open_desk(settings, SystemClock(), producer) as desk,
    ):
        async with await async_connect(settings) as database:
            yield Office(desk, database)
