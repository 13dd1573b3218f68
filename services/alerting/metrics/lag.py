"""What waits in the topics: the broker's end offsets beside the groups' committed ones."""

import time
from collections.abc import Mapping, Sequence
from typing import Final

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient
from confluent_kafka.admin._listoffsets import OffsetSpec  # typed only where it is defined

from alerting.metrics.answers import TopicFigures
from alerting.runtime.broker.kafka import client_properties
from alerting.runtime.config import Settings
from alerting.runtime.errors import Unavailable
from alerting.runtime.topics import GROUPS, TOPICS, dead_letter_topic

_LATEST: Final[OffsetSpec] = OffsetSpec.latest()  # type: ignore[no-untyped-call]
_EARLIEST: Final[OffsetSpec] = OffsetSpec.earliest()  # type: ignore[no-untyped-call]

_LEADER_PAUSES: Final = (0.1, 0.3)

Place = tuple[str, int]
"""A topic and the number of one of its partitions."""


class LagReader:
    """Asks the broker. Its calls block, each question for `timeout` seconds at most. For one thread at a time."""

    def __init__(self, settings: Settings, *, timeout: float) -> None:
        self._prefix = settings.kafka_prefix
        self._timeout = timeout
        self._admin = AdminClient(client_properties(settings))
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
        try:
            places = self._places()
            ends, begins = self._both_ends(places)
            committed = {topic: self._committed(topic, places) for topic in TOPICS}
        except KafkaException as failure:
            raise Unavailable("kafka", failure.args[0]) from failure
        except TimeoutError:
            raise Unavailable("kafka", f"no answer within {self._timeout} s") from None
        return [self._figures(topic, ends, begins, committed[topic]) for topic in TOPICS]

    def _both_ends(self, places: Sequence[Place]) -> tuple[Mapping[Place, int], Mapping[Place, int]]:
        for pause in _LEADER_PAUSES:
            try:
                return self._offsets(places, _LATEST), self._offsets(places, _EARLIEST)
            except KafkaException as failure:
                if failure.args[0].code() != KafkaError.NOT_LEADER_FOR_PARTITION:
                    raise
                # So it is for a moment after a partition was made or moved.
                time.sleep(pause)
        return self._offsets(places, _LATEST), self._offsets(places, _EARLIEST)

    def close(self) -> None:
        """Let go of the connections."""
        for group in self._groups.values():
            group.close()

    def _places(self) -> Sequence[Place]:
        known = self._admin.list_topics(timeout=self._timeout).topics
        wanted = [self._prefix + name for topic in TOPICS for name in (topic, dead_letter_topic(topic))]
        return [(name, number) for name in wanted if name in known for number in known[name].partitions]

    def _offsets(self, places: Sequence[Place], which: OffsetSpec) -> Mapping[Place, int]:
        asked = self._admin.list_offsets(
            {TopicPartition(*place): which for place in places}, request_timeout=self._timeout
        )
        return {(place.topic, place.partition): answer.result(self._timeout).offset for place, answer in asked.items()}

    def _committed(self, topic: str, places: Sequence[Place]) -> Mapping[Place, int]:
        asked = [TopicPartition(*place) for place in places if place[0] == self._prefix + topic]
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
        self, topic: str, ends: Mapping[Place, int], begins: Mapping[Place, int], committed: Mapping[Place, int]
    ) -> TopicFigures:
        # Asked later, a group may be further than the end was; and the embedded broker tells the end too low.
        mine = {
            place: max(end, committed.get(place, 0)) for place, end in ends.items() if place[0] == self._prefix + topic
        }
        refused = [place for place in ends if place[0] == self._prefix + dead_letter_topic(topic)]
        return TopicFigures(
            topic=topic,
            group=GROUPS[topic],
            partitions=len(mine),
            written=sum(mine.values()),
            # Where a group has committed nothing, or only what is gone by now, it begins with what is there.
            lag=sum(end - max(begins[place], committed.get(place, 0)) for place, end in mine.items()),
            dead_letters=sum(ends[place] - begins[place] for place in refused),
        )
