"""Makes the topics, and looks at them; part of the deployment, not of the services."""

import math
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import Future
from typing import Final, cast

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient
from confluent_kafka.admin._config import ConfigResource  # typed only where it is defined
from confluent_kafka.admin._metadata import TopicMetadata
from confluent_kafka.cimpl import NewTopic

from alerting.runtime.backoff import delays
from alerting.runtime.broker.kafka import client_properties
from alerting.runtime.errors import Unavailable
from alerting.runtime.topic_plan import FoundTopic, plan
from alerting.runtime.topic_settings import TopicSettings

_SECONDS: Final = 30.0
_ATTEMPT_SECONDS: Final = 5.0

# What passes by itself, and the seconds that it is waited for. That a cluster has fewer brokers than there are to be
# copies is said while they come, and of a single one that stood still, for a moment; or it is so and stays so.
_PASSING: Final[Mapping[int, float]] = {
    KafkaError._TIMED_OUT: math.inf,  # librdkafka's own codes begin like this
    KafkaError.REQUEST_TIMED_OUT: math.inf,
    KafkaError.NOT_CONTROLLER: math.inf,
    KafkaError.INVALID_REPLICATION_FACTOR: 5.0,
}


def create_topics(settings: TopicSettings, *, timeout: float = _SECONDS) -> list[str]:
    """Make the topics that are missing as the settings say, and return their names.

    Raises
    ------
    Unavailable
        The broker does not answer within `timeout` seconds, or refuses.
    """
    begun = time.monotonic()
    pauses = delays(most=1.0)
    made: list[str] = []
    while True:
        errors = _create(settings, min(begun + timeout - time.monotonic(), _ATTEMPT_SECONDS))
        made += [name for name, error in errors.items() if error is None]
        error = next(
            (each for each in errors.values() if each and each.code() != KafkaError.TOPIC_ALREADY_EXISTS), None
        )
        if error is None:
            return made
        pause = next(pauses)
        if time.monotonic() - begun + pause >= min(timeout, _PASSING.get(error.code(), 0.0)):
            raise Unavailable("kafka", error)
        time.sleep(pause)


def _create(settings: TopicSettings, seconds: float) -> Mapping[str, KafkaError | None]:
    """Return the names of all topics, and what the broker says against making each."""
    # A new client each time: one that was told of no controller does not ask again, and waits in vain.
    admin = AdminClient(client_properties(settings))
    wanted = [
        NewTopic(topic.name, topic.partitions, topic.replication, config=dict(topic.config)) for topic in plan(settings)
    ]
    futures = admin.create_topics(wanted, operation_timeout=seconds, request_timeout=seconds)
    return {name: _error(future, seconds) for name, future in futures.items()}


def _error(future: Future[None], seconds: float) -> KafkaError | None:
    try:
        future.result(seconds * 2)
    except KafkaException as failure:
        return cast("KafkaError", failure.args[0])
    return None


def find_topics(settings: TopicSettings, *, timeout: float = _SECONDS) -> Mapping[str, FoundTopic]:
    """Return those of the deployment's topics that are there, by name.

    Raises
    ------
    Unavailable
        The broker does not answer within `timeout` seconds.
    """
    return found_topics(AdminClient(client_properties(settings)), settings, timeout=timeout)


def found_topics(admin: AdminClient, settings: TopicSettings, *, timeout: float) -> Mapping[str, FoundTopic]:
    """Do as `find_topics`, with a client that is there already."""
    names = [topic.name for topic in plan(settings)]
    try:
        known = admin.list_topics(timeout=timeout).topics
    except KafkaException as failure:
        raise Unavailable("kafka", failure.args[0]) from failure
    there = [name for name in names if name in known]
    configs = _configs(admin, there, timeout)
    return {name: _found(name, known[name], configs.get(name, {})) for name in there}


def _found(name: str, topic: TopicMetadata, config: Mapping[str, str]) -> FoundTopic:
    partitions = topic.partitions.values()
    return FoundTopic(
        name,
        len(partitions),
        replication=min((len(each.replicas) for each in partitions), default=0),
        in_sync=min((len(each.isrs) for each in partitions), default=0),
        leaderless=sum(each.leader < 0 for each in partitions),
        config=config,
    )


def _configs(admin: AdminClient, topics: Iterable[str], timeout: float) -> Mapping[str, Mapping[str, str]]:
    """Return the settings of topics, as far as the broker tells them: it need not, nor let everybody ask."""
    asked = [ConfigResource(ConfigResource.Type.TOPIC, topic) for topic in topics]
    if not asked:
        return {}
    found = {}
    for resource, future in admin.describe_configs(asked, request_timeout=timeout).items():
        try:
            entries = future.result(timeout * 2)
        except (KafkaException, TimeoutError):
            continue
        found[resource.name] = {name: entry.value for name, entry in entries.items() if entry.value is not None}
    return found
