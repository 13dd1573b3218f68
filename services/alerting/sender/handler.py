"""From the aggregator's messages to planned deliveries."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from alerting.runtime.broker import Message, Producer
from alerting.runtime.dead_letter import DeadLetters
from alerting.runtime.errors import Malformed
from alerting.runtime.telemetry import Telemetry
from alerting.runtime.topics import NOTIFICATIONS_READY
from alerting.runtime.traceparent import header_of, sampled
from alerting.runtime.tracing import followed
from alerting.sender.ready import read_ready

if TYPE_CHECKING:
    from alerting.runtime.tracing.batch import Batch
    from alerting.runtime.tracing.spans import Tracing


class ReadyHandler:
    """Handles batches of notifications that wait. Once it returns, their deliveries are in the database."""

    def __init__(
        self,
        plan: Callable[[Sequence[str]], set[str]],
        producer: Producer,
        dead_letters: DeadLetters,
        telemetry: Telemetry,
        tracing: "Tracing | None" = None,
    ) -> None:
        self._plan = plan
        self._producer = producer
        self._dead_letters = dead_letters
        self._telemetry = telemetry
        self._tracing = tracing

    def handle(self, messages: Sequence[Message]) -> None:
        """Plan each notification's deliveries."""
        refused: list[tuple[Message, Malformed]] = []
        named: dict[str, Message] = {}
        for message in messages:
            try:
                named.setdefault(read_ready(message.value()), message)
            except Malformed as error:
                refused.append((message, error))
        with followed(self._tracing, NOTIFICATIONS_READY) as batch:
            if batch is not None:
                _follow(batch, named)
            unknown = self._plan(list(named)) if named else set()
        absent = Malformed("invalid_field", "notification_id: there is no such notification")
        refused += [(named[each], absent) for each in sorted(unknown)]
        for message, reason in refused:
            self._dead_letters.send(message, reason)
        if refused:
            self._producer.flush()
        self._telemetry.count("dead_letters", len(refused))


def _follow(batch: "Batch", named: Mapping[str, Message]) -> None:
    for notification_id, message in named.items():
        header = header_of(message)
        if header is not None and (traceparent := sampled(header[1])):
            batch.follow(message, traceparent, {"alerting.notification.id": notification_id})
