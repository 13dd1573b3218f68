"""Questions to the broker from outside of any group, for services that ask for as long as they live."""

from collections.abc import Callable
from typing import TypeVar

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from alerting.runtime.broker.kafka import client_properties
from alerting.runtime.config import Settings

Answer = TypeVar("Answer")


class Admin:
    """An admin client that is made anew when it failed.

    One that was told of no broker at all, as a node tells that counts itself out for a moment, has none left to ask and
    does not look for one again (librdkafka 2.16): it would fail for ever.
    """

    def __init__(self, settings: Settings) -> None:
        self._properties = client_properties(settings)
        self._client = AdminClient(self._properties)

    def ask(self, question: Callable[[AdminClient], Answer]) -> Answer:
        """Return the answer to a question, or raise what it raises."""
        try:
            return question(self._client)
        except (KafkaException, TimeoutError):
            self._client = AdminClient(self._properties)
            raise
