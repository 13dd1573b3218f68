"""From the aggregator's messages to planned deliveries."""

from collections.abc import Callable, Sequence

from alerting.runtime.broker import Message, Producer
from alerting.runtime.dead_letter import DeadLetters
from alerting.runtime.errors import Malformed
from alerting.runtime.telemetry import Telemetry
from alerting.sender.ready import read_ready


class ReadyHandler:
    """Handles batches of notifications that wait. Once it returns, their deliveries are in the database."""

    def __init__(
        self,
        plan: Callable[[Sequence[str]], set[str]],
        producer: Producer,
        dead_letters: DeadLetters,
        telemetry: Telemetry,
    ) -> None:
        self._plan = plan
        self._producer = producer
        self._dead_letters = dead_letters
        self._telemetry = telemetry

    def handle(self, messages: Sequence[Message]) -> None:
        """Plan each notification's deliveries."""
        refused: list[tuple[Message, Malformed]] = []
        named: dict[str, Message] = {}
        for message in messages:
            try:
                named.setdefault(read_ready(message.value()), message)
            except Malformed as error:
                refused.append((message, error))
        unknown = self._plan(list(named)) if named else set()
        absent = Malformed("invalid_field", "notification_id: there is no such notification")
        refused += [(named[each], absent) for each in sorted(unknown)]
        for message, reason in refused:
            self._dead_letters.send(message, reason)
        if refused:
            self._producer.flush()
        self._telemetry.count("dead_letters", len(refused))
