"""Makes the topics; part of the deployment, not of the services."""

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from alerting.runtime.broker.kafka import client_properties
from alerting.runtime.config import Settings
from alerting.runtime.errors import Unavailable
from alerting.runtime.topics import MOST_DEAD_LETTER_BYTES, PARTITIONS, TOPICS, dead_letter_topic


def create_topics(
    settings: Settings, *, partitions: int = PARTITIONS, replication: int = -1, timeout: float = 30.0
) -> list[str]:
    """Make the topics that are missing, and return their names. A `replication` of -1 takes the broker's default.

    Raises
    ------
    Unavailable
        The broker does not answer within `timeout` seconds, or refuses.
    """
    admin = AdminClient(client_properties(settings))
    wanted = [NewTopic(settings.kafka_prefix + topic, partitions, replication) for topic in TOPICS]
    # Dead letters are few, and easier to read in one partition.
    limit = {"max.message.bytes": str(MOST_DEAD_LETTER_BYTES)}
    wanted += [
        NewTopic(settings.kafka_prefix + dead_letter_topic(topic), 1, replication, config=limit) for topic in TOPICS
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
