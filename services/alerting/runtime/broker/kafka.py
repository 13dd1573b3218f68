"""The broker port over librdkafka."""

import logging
import threading
import time
from collections.abc import Sequence
from typing import Any, Final, cast

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition
from confluent_kafka import Producer as Client

from alerting.runtime.broker.client_log import CLIENT_LOG
from alerting.runtime.broker.port import HEADERS, Headers, Message
from alerting.runtime.config import Settings
from alerting.runtime.errors import PlaceLost, Unavailable
from alerting.runtime.topics import MOST_DEAD_LETTER_BYTES

_log = logging.getLogger(__name__)

# The group gave the partitions to another member, which will get the messages again.
_LOST: Final = frozenset(
    {
        KafkaError.ILLEGAL_GENERATION,
        KafkaError.UNKNOWN_MEMBER_ID,
        KafkaError.REBALANCE_IN_PROGRESS,
        KafkaError.FENCED_INSTANCE_ID,
        KafkaError._ASSIGNMENT_LOST,  # librdkafka's own codes begin like this
        KafkaError._NO_OFFSET,
    }
)


def client_properties(settings: Settings) -> dict[str, Any]:
    """Return what consumers, producers and admin clients have in common."""
    return {
        "bootstrap.servers": settings.kafka_bootstrap_servers,
        "client.id": settings.instance,
        # A broker that is back is found within a second.
        "reconnect.backoff.max.ms": 1_000,
        "logger": CLIENT_LOG,
        **_security(settings),
        **settings.kafka_properties,
    }


def _security(settings: Settings) -> dict[str, str]:
    protocol: str = settings.kafka_security_protocol
    found = {"security.protocol": protocol}
    if protocol.endswith("ssl") and settings.kafka_ca_file:
        found["ssl.ca.location"] = settings.kafka_ca_file
    if protocol.startswith("sasl"):
        found["sasl.mechanism"] = settings.kafka_sasl_mechanism
        found["sasl.username"] = settings.kafka_sasl_username
        found["sasl.password"] = settings.kafka_sasl_password.get_secret_value()
    return found


def producer_properties(settings: Settings) -> dict[str, Any]:
    """Return the properties of a producer that loses and reorders nothing."""
    return client_properties(settings) | {
        "acks": "all",
        "enable.idempotence": True,
        "compression.type": "lz4",
        "linger.ms": 2,
        "delivery.timeout.ms": int(settings.produce_timeout * 1_000),
        "queue.buffering.max.messages": 500_000,
        # What a topic of dead letters takes; the other topics' limit is their senders' concern.
        "message.max.bytes": MOST_DEAD_LETTER_BYTES,
        # What the Java clients do, so that a key lands in the same partition whoever sends it.
        "partitioner": "murmur2_random",
    }


# A batch costs a commit, a flush and often a transaction, whatever is in it. When messages come quickly, waiting for
# more of them makes fewer and larger batches; when they do not, nobody waits.
_BUSY_BATCH: Final = 64
_BUSY_PAUSE: Final = 0.03

_CLUSTER_SECONDS: Final = 5.0
_ANSWER_SECONDS: Final = 3.0


class KafkaConsumer:
    """A `BatchConsumer` of one topic."""

    def __init__(self, settings: Settings, topic: str, group: str) -> None:
        self._topic = settings.kafka_prefix + topic
        self.joined = threading.Event()
        """Set when the group has let this member in, be it without a partition."""
        self._pause = 0.0
        self._cluster: str | None = None
        self._look_again = 0.0
        self._last_error: KafkaError | None = None
        self._down: KafkaError | None = None
        # Behind what was handled of each partition, and what the broker answered to last: the same, when all is well.
        self._handled: dict[int, int] = {}
        self._answered: dict[int, int] = {}
        self._consumer = Consumer(
            client_properties(settings)
            | {
                "error_cb": self._on_error,
                "on_commit": self._on_commit,
                "group.id": settings.kafka_prefix + group,
                "enable.auto.commit": False,
                "auto.offset.reset": "earliest",
                "partition.assignment.strategy": "cooperative-sticky",
                "session.timeout.ms": int(settings.kafka_session_timeout * 1_000),
                # Members learn of a rebalance by their heartbeats: partitions that move stand still for less long.
                "heartbeat.interval.ms": 1_000,
                # A topic made after the consumer is found within this time.
                "topic.metadata.refresh.interval.ms": 5_000,
                # Bounds what waits in memory; the short pause keeps a full queue from stalling fetches for a second.
                "queued.max.messages.kbytes": settings.kafka_queue_kib,
                "fetch.queue.backoff.ms": 10,
                "fetch.wait.max.ms": int(settings.kafka_fetch_wait * 1_000),
            }
        )
        # With callbacks, partitions come and go only inside `consume`: never between a batch and its commit.
        self._consumer.subscribe(
            [self._topic], on_assign=self._on_assign, on_revoke=self._on_revoke, on_lost=self._on_lost
        )

    def _on_assign(self, _consumer: Consumer, partitions: list[TopicPartition]) -> None:
        self.joined.set()
        _log.info("kafka: got partitions %s", [partition.partition for partition in partitions])

    def _on_revoke(self, _consumer: Consumer, partitions: list[TopicPartition]) -> None:
        _log.info("kafka: gave back partitions %s", self._forget(partitions))

    def _on_lost(self, _consumer: Consumer, partitions: list[TopicPartition]) -> None:
        _log.warning("kafka: lost partitions %s", self._forget(partitions))

    def _forget(self, partitions: list[TopicPartition]) -> list[int]:
        # When they come back, another member may have committed more.
        numbers = [partition.partition for partition in partitions]
        for number in numbers:
            self._handled.pop(number, None)
            self._answered.pop(number, None)
        return numbers

    def consume(self, limit: int, timeout: float) -> Sequence[Message]:
        """Return what there is, at most `limit` messages; wait up to `timeout` seconds for the first.

        Raises
        ------
        PlaceLost
            An empty broker has taken the place of the one that this consumer knew.
        """
        first = self._consumer.poll(timeout)
        down, self._down = self._down, None
        if first is None and down is not None:
            raise Unavailable("kafka", down)
        if first is None or self._cluster is None:
            self._look_at_cluster()
        if first is None:
            self._send_positions()  # again, if they were refused or overtaken
            return []
        messages = [first, *self._consumer.consume(limit - 1, self._pause)] if limit > 1 else [first]
        self._pause = _BUSY_PAUSE if len(messages) >= _BUSY_BATCH else 0.0
        if all(message.error() is None for message in messages):
            return cast("Sequence[Message]", messages)
        good = [message for message in messages if message.error() is None]
        errors = [error for message in messages if (error := message.error()) is not None]
        if not good:
            raise Unavailable("kafka", errors[0])
        # Raising would lose the good ones. An error that lasts comes alone the next time.
        for error in errors:
            _log.warning("kafka: %s", error)
        return cast("Sequence[Message]", good)

    def _look_at_cluster(self) -> None:
        # In another cluster librdkafka joins the group, keeps what it remembers of the partitions, and waits for ever.
        if time.monotonic() < self._look_again:
            return
        self._look_again = time.monotonic() + _CLUSTER_SECONDS
        try:
            cluster = self._consumer.list_topics(self._topic, _ANSWER_SECONDS).cluster_id
        except KafkaException:
            return  # that the broker is away is what `poll` tells, and why
        if self._cluster not in (None, cluster):
            raise PlaceLost(f"kafka: this was cluster {self._cluster}, and is cluster {cluster} now")
        self._cluster = cluster

    def commit(self, messages: Sequence[Message]) -> None:
        """Commit these messages and all before them in their partitions; `close` and a rebalance wait for it.

        It is not waited for here: librdkafka's own waiting has no end. When the only broker there is says that it is
        not to be used, as a node does that stood still for some seconds, librdkafka has none left to ask for the
        group's coordinator, and finds it again only for a consumer that is polled.
        """
        for message in messages:
            self._handled[message.partition()] = message.offset() + 1
        self._send_positions()

    def _send_positions(self) -> None:
        # Kafka takes any member's word for any partition: this would put back what the new owner has committed.
        owned = {place.partition for place in self._consumer.assignment()}
        positions = [
            TopicPartition(self._topic, number, offset)
            for number, offset in self._handled.items()
            if number in owned and self._answered.get(number) != offset
        ]
        if not positions:
            return
        try:
            self._consumer.commit(offsets=positions, asynchronous=True)
        except KafkaException as failure:
            raise Unavailable("kafka", failure.args[0]) from failure

    def _on_commit(self, failure: KafkaError | None, positions: list[TopicPartition]) -> None:
        for position in positions:
            error = position.error or failure
            if error is not None and error.code() not in _LOST:
                self._down = error
                continue
            if error is not None:
                _log.info("kafka: commit after a rebalance: %s", error)
            self._answered[position.partition] = position.offset

    def rewind(self, messages: Sequence[Message]) -> None:
        """Let the next `consume` return these messages again.

        Raises
        ------
        PlaceLost
            The place could not be restored: to go on would commit past messages that were not handled.
        """
        positions: dict[int, int] = {}
        for message in messages:
            positions.setdefault(message.partition(), message.offset())
        for partition, offset in positions.items():
            try:
                self._consumer.seek(TopicPartition(self._topic, partition, offset))
            except KafkaException as failure:
                if any(owned.partition == partition for owned in self._consumer.assignment()):
                    raise PlaceLost(f"kafka: partition {partition}: {failure.args[0]}") from failure
                # It went to another member meanwhile, which begins behind the last commit.
                _log.info("kafka: partition %d was lost and is not rewound", partition)

    def close(self) -> None:
        """Leave the group."""
        self._consumer.close()

    def _on_error(self, error: KafkaError) -> None:
        # One broker of several that is away stops nothing, but it may be the reason why all are.
        if error.code() == KafkaError._ALL_BROKERS_DOWN:
            self._down = self._last_error or error
        else:
            self._last_error = error


class KafkaProducer:
    """A `Producer` for batches: only failures are reported one by one."""

    def __init__(self, settings: Settings) -> None:
        self._prefix = settings.kafka_prefix
        self._timeout = settings.produce_timeout
        self._failure: KafkaError | None = None
        self._client = Client(
            producer_properties(settings) | {"delivery.report.only.error": True, "on_delivery": self._report}
        )

    def _report(self, error: KafkaError | None, _message: object) -> None:
        self._failure = self._failure or error

    def send(self, topic: str, key: bytes | None, value: bytes | None, headers: Headers = HEADERS) -> None:
        """Send a message without waiting for it; wait for room when the queue is full."""
        try:
            self._client.produce(self._prefix + topic, value, key, headers=headers)
        except BufferError:
            self.flush()
            self._client.produce(self._prefix + topic, value, key, headers=headers)

    def flush(self) -> None:
        """Wait until all that was sent is acknowledged."""
        # Longer than librdkafka's own time-out, so that what is left then is a fault and not a delay.
        left = self._client.flush(self._timeout + 5)
        failure, self._failure = self._failure, None
        if failure is not None:
            raise Unavailable("kafka", failure)
        if left:
            raise Unavailable("kafka", f"{left} messages were neither acknowledged nor refused")

    def close(self) -> None:
        """Flush what is left, for a bounded time, and let go."""
        self._client.flush(self._timeout)
