"""The topics as they are to be, beside those that are there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from alerting.runtime.topic_settings import TopicSettings
from alerting.runtime.topics import MOST_DEAD_LETTER_BYTES, TOPICS, dead_letter_topic

MOST_BYTES: Final = "max.message.bytes"
MIN_INSYNC: Final = "min.insync.replicas"
CLEANUP: Final = "cleanup.policy"


@dataclass(frozen=True, slots=True)
class PlannedTopic:
    """A topic as it is to be."""

    name: str
    """With the deployment's prefix."""
    partitions: int
    replication: int
    """-1 where that is the broker's choice."""
    config: Mapping[str, str] = field(default_factory=dict)
    """The settings that are not left to the broker."""


@dataclass(frozen=True, slots=True)
class FoundTopic:
    """A topic as it is."""

    name: str
    partitions: int
    replication: int
    """The fewest copies that one of its partitions has."""
    in_sync: int
    """The fewest copies of a partition that are up to date."""
    leaderless: int
    """Partitions that nobody can write to or read from."""
    config: Mapping[str, str]
    """Empty where the broker does not tell."""


def plan(settings: TopicSettings) -> list[PlannedTopic]:
    """Return all topics of a deployment."""
    copies, own = settings.topic_replication, _durability(settings)
    # Dead letters are few, and easier to read in one partition.
    letters = own | {MOST_BYTES: str(MOST_DEAD_LETTER_BYTES)}
    return [
        *(PlannedTopic(settings.kafka_prefix + topic, settings.topic_partitions, copies, own) for topic in TOPICS),
        *(PlannedTopic(settings.kafka_prefix + dead_letter_topic(topic), 1, copies, letters) for topic in TOPICS),
    ]


def _durability(settings: TopicSettings) -> dict[str, str]:
    return {MIN_INSYNC: str(settings.topic_min_insync)} if settings.topic_min_insync else {}


def differences(planned: Sequence[PlannedTopic], found: Mapping[str, FoundTopic]) -> list[str]:
    """Return in what topics are not as planned; nothing is said of what the broker does not tell."""
    return [line for topic in planned for line in _differences(topic, found.get(topic.name))]


def _differences(planned: PlannedTopic, found: FoundTopic | None) -> list[str]:
    if found is None:
        return [f"{planned.name} is missing"]
    lines = []
    if found.partitions != planned.partitions:
        lines.append(f"{planned.name} has {found.partitions} partitions, not {planned.partitions}")
    if planned.replication not in {-1, found.replication}:
        lines.append(f"{planned.name} has {found.replication} copies of a partition, not {planned.replication}")
    wanted = {CLEANUP: "delete"} | dict(planned.config)
    lines += [
        f"{planned.name} has {name}={found.config[name]}, not {value}"
        for name, value in wanted.items()
        if name in found.config and not _suffices(name, found.config[name], value)
    ]
    return lines


def _suffices(name: str, found: str, wanted: str) -> bool:
    if name == MOST_BYTES and found.isdecimal():
        return int(found) >= int(wanted)
    return found == wanted
