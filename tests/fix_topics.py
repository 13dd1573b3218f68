"""What stands on a topic, for tests that look at it from outside."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from confluent_kafka import Consumer, KafkaException, Message, TopicPartition

from alerting.runtime.topics import GROUPS
from fix_process import eventually
from fix_servers import Platform


class TopicReader:
    """Reads all of a topic, from its beginning."""

    def __init__(self, platform: Platform, topic: str) -> None:
        self.messages: list[Message] = []
        self._consumer = Consumer(
            {
                "bootstrap.servers": platform.env["ALERTING_KAFKA_BOOTSTRAP_SERVERS"],
                "group.id": f"{platform.prefix}reader",
                "auto.offset.reset": "earliest",
                "enable.auto.commit": False,
            }
        )
        name = platform.prefix + topic
        partitions = self._consumer.list_topics(name, timeout=10).topics[name].partitions
        self._consumer.assign([TopicPartition(name, partition, 0) for partition in partitions])

    def read(self) -> list[Message]:
        """Take what has come since, and return all of it."""
        found = self._consumer.consume(10_000, 0.1)
        self.messages += [message for message in found if message.error() is None]
        return self.messages

    def await_(self, condition: Callable[[list[Message]], bool], what: str) -> list[Message]:
        eventually(lambda: condition(self.read()), what)
        return self.messages

    def close(self) -> None:
        self._consumer.close()


@contextmanager
def reading(platform: Platform, topic: str) -> Iterator[TopicReader]:
    reader = TopicReader(platform, topic)
    try:
        yield reader
    finally:
        reader.close()


def lag(platform: Platform, topic: str) -> int:
    """Return how many messages a topic's group has not committed, when the broker can tell."""
    deadline = time.monotonic() + 30.0
    while True:
        try:
            return _lag(platform, topic)
        except KafkaException:
            # It has no coordinator, or no leader, for a moment after it stood still.
            assert time.monotonic() < deadline
            time.sleep(0.2)


def _lag(platform: Platform, topic: str) -> int:
    servers = {"bootstrap.servers": platform.env["ALERTING_KAFKA_BOOTSTRAP_SERVERS"]}
    consumer = Consumer({**servers, "group.id": platform.prefix + GROUPS[topic]})
    try:
        name = platform.prefix + topic
        partitions = consumer.list_topics(name, timeout=10).topics[name].partitions
        places = consumer.committed([TopicPartition(name, partition) for partition in partitions], timeout=10)
        ends = [consumer.get_watermark_offsets(place, timeout=10)[1] for place in places]
        return sum(end - max(place.offset, 0) for place, end in zip(places, ends, strict=True))
    finally:
        consumer.close()


async def topics_are(client: httpx.AsyncClient, name: str, **wanted: int) -> None:
    """Wait until a topic's figures are these: a new topic needs a moment, and answers are kept for one."""
    found: dict[str, Any] = {}
    deadline = time.monotonic() + 30.0
    while not wanted.items() <= found.items():
        assert time.monotonic() < deadline, found
        answer = await client.get("/api/v1/metrics/topics")
        if answer.status_code == 200:
            found = {topic["topic"]: topic for topic in answer.json()["items"]}[name]
        await asyncio.sleep(0.05)
