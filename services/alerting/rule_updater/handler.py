"""``rule.changed``: each message is a reason to look at the log now. What it says of the rule is not used."""

from collections.abc import Callable, Sequence
from typing import Final

from google.protobuf.message import DecodeError

from alerting.events.v1 import RuleChanged
from alerting.runtime.broker import Message, Producer
from alerting.runtime.dead_letter import DeadLetters
from alerting.runtime.errors import Malformed
from alerting.runtime.telemetry import Telemetry

MOST_ID_CHARACTERS: Final = 255


class RuleChangedHandler:
    """Handles wake-ups. A process without the lease leaves the log to the one that has it, which looks at it anyway."""

    def __init__(
        self, look: Callable[[], object], producer: Producer, dead_letters: DeadLetters, telemetry: Telemetry
    ) -> None:
        self._look = look
        self._producer = producer
        self._dead_letters = dead_letters
        self._telemetry = telemetry

    def handle(self, messages: Sequence[Message]) -> None:
        """Look at the log, and refuse the messages that no rule-service sends."""
        self._look()
        refused = 0
        for message in messages:
            try:
                check_message(message.value())
            except Malformed as error:
                self._dead_letters.send(message, error)
                refused += 1
        if refused:
            self._producer.flush()
            self._telemetry.count("dead_letters", refused)


def check_message(value: bytes | None) -> None:
    """Read a message.

    Raises
    ------
    Malformed
        It is no `RuleChanged`.
    """
    if not value:
        raise Malformed("empty", "the message has no value")
    try:
        changed = RuleChanged.FromString(value)
    except DecodeError as error:
        raise Malformed("undecodable", str(error)) from None
    for field in ("rule_id", "client_id"):
        text = getattr(changed, field)
        if not text:
            raise Malformed("missing_field", f"{field}: is empty")
        if len(text) > MOST_ID_CHARACTERS:
            raise Malformed("too_long", f"{field}: {len(text)} characters, the most is {MOST_ID_CHARACTERS}")
