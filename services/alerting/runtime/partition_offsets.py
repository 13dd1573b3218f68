"""Where the messages of partitions begin and end, as the partitions' leaders say."""

import time
from collections.abc import Collection, Mapping, Sequence
from typing import Final, NamedTuple

from confluent_kafka import KafkaError, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient
from confluent_kafka.admin._listoffsets import OffsetSpec  # typed only where it is defined

from alerting.runtime.backoff import delays
from alerting.runtime.broker.admin import Admin
from alerting.runtime.errors import Unavailable

_LATEST: Final[OffsetSpec] = OffsetSpec.latest()  # type: ignore[no-untyped-call]
_EARLIEST: Final[OffsetSpec] = OffsetSpec.earliest()  # type: ignore[no-untyped-call]

# A partition has no leader, or another one than was said, for a moment after it was made or moved, and after its broker
# stood still for so long that the cluster counted it out: a single node does that to itself when its machine pauses.
_NO_LEADER_YET: Final = frozenset(
    {
        KafkaError.NOT_LEADER_FOR_PARTITION,
        KafkaError.LEADER_NOT_AVAILABLE,
        KafkaError.REPLICA_NOT_AVAILABLE,
        KafkaError.FENCED_LEADER_EPOCH,
        KafkaError.UNKNOWN_LEADER_EPOCH,
        KafkaError.OFFSET_NOT_AVAILABLE,
        KafkaError.UNKNOWN_TOPIC_OR_PART,
        KafkaError._UNKNOWN_PARTITION,  # librdkafka's own codes begin like this
        KafkaError._NOENT,
    }
)

Partition = tuple[str, int]
"""A topic's name and the number of one of its partitions."""


class Offsets(NamedTuple):
    """What a partition has."""

    begin: int
    """The offset of the first message."""
    end: int
    """The offset behind the last one. The embedded broker tells it too low."""


def find_offsets(admin: Admin, topics: Collection[str], *, timeout: float) -> Mapping[Partition, Offsets]:
    """Return the offsets of every partition of the topics; nothing for a topic that is not there.

    A partition without a leader is waited for. The call blocks for `timeout` seconds at most.

    Raises
    ------
    Unavailable
        The broker does not answer in time, or a partition has had no leader for so long.
    """
    deadline = time.monotonic() + timeout
    pauses = delays(most=0.5)
    while True:
        pause = next(pauses)
        try:
            return admin.ask(lambda client: _ask(client, topics, deadline))
        except KafkaException as failure:
            error: KafkaError = failure.args[0]
            if error.code() not in _NO_LEADER_YET or time.monotonic() + pause >= deadline:
                raise Unavailable("kafka", error) from failure
        except TimeoutError:
            raise Unavailable("kafka", f"no answer within {timeout:g} s") from None
        time.sleep(pause)


def _ask(client: AdminClient, topics: Collection[str], deadline: float) -> Mapping[Partition, Offsets]:
    known = client.list_topics(timeout=_left(deadline)).topics
    partitions = [(name, number) for name in topics if name in known for number in known[name].partitions]
    if not partitions:
        return {}
    # First the ends: what is not there to be read must not be taken for what was there at the beginning.
    ends = _which(client, partitions, _LATEST, deadline)
    begins = _which(client, partitions, _EARLIEST, deadline)
    return {partition: Offsets(begins[partition], ends[partition]) for partition in partitions}


def _which(
    client: AdminClient, partitions: Sequence[Partition], which: OffsetSpec, deadline: float
) -> Mapping[Partition, int]:
    asked = client.list_offsets(
        {TopicPartition(*partition): which for partition in partitions}, request_timeout=_left(deadline)
    )
    return {(place.topic, place.partition): answer.result(_left(deadline)).offset for place, answer in asked.items()}


def _left(deadline: float) -> float:
    """Return the seconds until then; librdkafka takes none for no bound, so that there is always one."""
    return max(0.001, deadline - time.monotonic())
