"""What is asked of the broker."""

import asyncio
import warnings
from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import Any, Final

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient
from confluent_kafka.admin._config import ConfigResource  # typed only where it is defined

from alerting.dead_letters.reader import Reader
from alerting.doctor.answer import ask
from alerting.doctor.facts import KafkaFacts
from alerting.metrics.answers import TopicFigures
from alerting.metrics.handled_letters import HandledLetters
from alerting.metrics.lag import LagReader
from alerting.runtime.broker.kafka import client_properties
from alerting.runtime.clock import SystemClock
from alerting.runtime.config import Settings
from alerting.runtime.database import async_pool
from alerting.runtime.errors import Unavailable
from alerting.runtime.topic_settings import TopicSettings
from alerting.runtime.topics import GROUPS
from alerting.runtime.topics_admin import found_topics

_SECONDS: Final = 5.0


def look(settings: TopicSettings, facts: KafkaFacts) -> None:
    """Ask the broker everything, one question after the other.

    Raises
    ------
    Unavailable
        It does not let us in.
    """
    errors: list[KafkaError] = []
    admin = AdminClient(client_properties(settings) | {"error_cb": errors.append})
    try:
        brokers = admin.list_topics(timeout=_SECONDS).brokers
    except KafkaException as failure:
        admin.poll(0)
        # The first one says why: a refused password, a certificate. What is raised only says that time is over.
        raise Unavailable("kafka", errors[0] if errors else failure.args[0]) from failure
    facts.brokers = len(brokers)
    facts.topics = ask(lambda: found_topics(admin, settings, timeout=_SECONDS))
    facts.auto_create = ask(lambda: _auto_create(admin, min(brokers)))
    facts.members = ask(lambda: _members(admin, settings.kafka_prefix))
    facts.figures = ask(lambda: _figures(settings))
    figures = facts.figures
    if isinstance(figures, Sequence):
        refused = [each.topic for each in figures if each.dead_letters]
        facts.handled_letters = ask(lambda: asyncio.run(_handled(settings, refused)) if refused else {})


def _auto_create(admin: AdminClient, broker: int) -> bool:
    asked = ConfigResource(ConfigResource.Type.BROKER, str(broker))
    entries: Mapping[str, Any] = admin.describe_configs([asked], request_timeout=_SECONDS)[asked].result(_SECONDS)
    if "auto.create.topics.enable" not in entries:
        raise LookupError("the broker does not tell its settings")
    return bool(entries["auto.create.topics.enable"].value == "true")


def _members(admin: AdminClient, prefix: str) -> Mapping[str, int]:
    with warnings.catch_warnings():
        # What is to be used in its place ends the process when the group's coordinator hangs up
        # (https://github.com/confluentinc/librdkafka/issues/4605): in the very case in which one looks.
        warnings.simplefilter("ignore", DeprecationWarning)
        found = {str(group.id): len(group.members) for group in admin.list_groups(timeout=_SECONDS)}
    if not found:
        # So says one that is new, and the embedded one always.
        raise LookupError("the broker knows of no group at all")
    return {topic: found.get(prefix + group, 0) for topic, group in GROUPS.items()}


def _figures(settings: Settings) -> Sequence[TopicFigures]:
    with closing(LagReader(settings, timeout=_SECONDS)) as reader:
        return reader.read()


async def _handled(settings: Settings, refused: Sequence[str]) -> Mapping[str, int]:
    with closing(Reader(settings, SystemClock(), timeout=_SECONDS)) as reader:
        async with async_pool(settings, size=1) as pool:
            handled = HandledLetters(reader, pool, prefix=settings.kafka_prefix, timeout=_SECONDS)
            return await handled.count(refused)
