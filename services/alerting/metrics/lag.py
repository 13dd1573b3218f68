"""What waits in the topics: the broker's end offsets beside the groups' committed ones."""

from collections.abc import Iterable, Mapping, Sequence

from confluent_kafka import Consumer, KafkaException, TopicPartition

from alerting.metrics.answers import TopicFigures
from alerting.runtime.broker.admin import Admin
from alerting.runtime.broker.kafka import client_properties
from alerting.runtime.config import Settings
from alerting.runtime.errors import Unavailable
from alerting.runtime.partition_offsets import Offsets, Partition, find_offsets
from alerting.runtime.topics import GROUPS, TOPICS, dead_letter_topic


class LagReader:
    """Asks the broker. Its calls block, each question for `timeout` seconds at most. For one thread at a time."""

    def __init__(self, settings: Settings, *, timeout: float) -> None:
        self._prefix = settings.kafka_prefix
        self._timeout = timeout
        self._admin = Admin(settings)
        # They subscribe to nothing, and so are members of nothing. The admin client could be asked as well, but while a
        # group's coordinator is moved, that crashes the process (https://github.com/confluentinc/librdkafka/issues/5040).
        self._groups = {
            topic: Consumer(client_properties(settings) | {"group.id": settings.kafka_prefix + group})
            for topic, group in GROUPS.items()
        }

    def read(self) -> Sequence[TopicFigures]:
        """Return the figures of every topic; one that is not there has none of anything.

        Raises
        ------
        Unavailable
            The broker does not answer in time.
        """
        wanted = [self._prefix + name for topic in TOPICS for name in (topic, dead_letter_topic(topic))]
        found = find_offsets(self._admin, wanted, timeout=self._timeout)
        try:
            committed = {topic: self._committed(topic, found) for topic in TOPICS}
        except KafkaException as failure:
            raise Unavailable("kafka", failure.args[0]) from failure
        return [self._figures(topic, found, committed[topic]) for topic in TOPICS]

    def close(self) -> None:
        """Let go of the connections."""
        for group in self._groups.values():
            group.close()

    def _committed(self, topic: str, partitions: Iterable[Partition]) -> Mapping[Partition, int]:
        asked = [TopicPartition(*partition) for partition in partitions if partition[0] == self._prefix + topic]
        if not asked:
            return {}
        group = self._groups[topic]
        group.poll(0)  # hands over what it has to log, which would pile up
        found = group.committed(asked, timeout=self._timeout)
        for place in found:
            if place.error is not None:
                raise KafkaException(place.error)
        return {(place.topic, place.partition): place.offset for place in found if place.offset >= 0}

    def _figures(
        self, topic: str, found: Mapping[Partition, Offsets], committed: Mapping[Partition, int]
    ) -> TopicFigures:
        # Asked later, a group may be further than the end was; and the embedded broker tells the end too low.
        mine = {
            partition: max(end, committed.get(partition, 0))
            for partition, (_, end) in found.items()
            if partition[0] == self._prefix + topic
        }
        refused = [offsets for (name, _), offsets in found.items() if name == self._prefix + dead_letter_topic(topic)]
        return TopicFigures(
            topic=topic,
            group=GROUPS[topic],
            partitions=len(mine),
            written=sum(mine.values()),
            # Where a group has committed nothing, or only what is gone by now, it begins with what is there.
            lag=sum(end - max(found[partition].begin, committed.get(partition, 0)) for partition, end in mine.items()),
            dead_letters=sum(end - begin for begin, end in refused),
        )
