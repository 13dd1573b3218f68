"""Where a message goes that its consumer refuses: its own bytes, with the reason beside them."""

from datetime import UTC, datetime
from typing import Final, Literal, get_args

from alerting.runtime.broker import Headers, Message, Producer
from alerting.runtime.clock import Clock
from alerting.runtime.errors import Malformed
from alerting.runtime.telemetry import DEAD_LETTERS
from alerting.runtime.topics import dead_letter_topic

Reason = Literal["empty", "undecodable", "missing_field", "invalid_field", "too_long", "rejected_by_database"]
"""Why a message was refused: the closed list of the header ``dlq-reason``."""

REASONS: Final = frozenset(get_args(Reason))

_MOST_ERROR_BYTES: Final = 1_024


class DeadLetters:
    """Sends refused messages to ``<topic>.dlq``, byte for byte, with the key and headers that they came with."""

    def __init__(self, producer: Producer, service: str, topic: str, clock: Clock) -> None:
        self._producer = producer
        self._service = service
        self._topic = topic
        self._clock = clock

    def send(self, message: Message, error: Malformed) -> None:
        """Send one message; it is safe after the producer's next flush."""
        if error.reason not in REASONS:
            raise ValueError(f"{error.reason} is not a reason of the list")
        about = {
            "dlq-reason": error.reason,
            "dlq-error": error.detail,
            "dlq-service": self._service,
            "dlq-topic": message.topic(),
            "dlq-partition": str(message.partition()),
            "dlq-offset": str(message.offset()),
            "dlq-at": datetime.fromtimestamp(self._clock.now(), UTC).isoformat(),
        }
        # A message that was replayed and refused again tells of the last time only.
        kept = [header for header in message.headers() or () if header[0] not in about]
        headers: Headers = [*kept, *((name, _as_header(value)) for name, value in about.items())]
        self._producer.send(dead_letter_topic(self._topic), message.key(), message.value(), headers)
        DEAD_LETTERS.labels(self._topic, error.reason).inc()


def _as_header(value: str) -> bytes:
    # What is wrong may be quoted, and need not be text; a character that is cut in half would not be, either.
    cut = value.encode(errors="backslashreplace")[:_MOST_ERROR_BYTES]
    return cut.decode(errors="ignore").encode()
