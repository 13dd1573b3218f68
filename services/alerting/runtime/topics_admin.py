"""Makes the topics, and looks at them; part of the deployment, not of the services."""

from collections.abc import Iterable, Mapping
from typing import Final

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient
from confluent_kafka.admin._config import ConfigResource  # typed only where it is defined
from confluent_kafka.admin._metadata import TopicMetadata
from confluent_kafka.cimpl import NewTopic

from alerting.runtime.broker.kafka import client_properties
from alerting.runtime.errors import Unavailable
from alerting.runtime.topic_plan import FoundTopic, plan
from alerting.runtime.topic_settings import TopicSettings

_SECONDS: Final = 30.0


def create_topics(settings: TopicSettings, *, timeout: float = _SECONDS) -> list[str]:
    """Make the topics that are missing as the settings say, and return their names.

    Raises
    ------
    Unavailable
        The broker does not answer within `timeout` seconds, or refuses.
    """
    admin = AdminClient(client_properties(settings))
    wanted = [
        NewTopic(topic.name, topic.partitions, topic.replication, config=dict(topic.config)) for topic in plan(settings)
    ]
    made = []
    for topic, future in admin.create_topics(wanted, operation_timeout=timeout, request_timeout=timeout).items():
        try:
            future.result(timeout * 2)
            made.append(topic)
        except KafkaException as failure:
            if failure.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
                raise Unavailable("kafka", failure.args[0]) from failure
    return made


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
