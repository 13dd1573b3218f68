"""A message that was refused, as it stands in its topic of dead letters."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, NamedTuple

from alerting.runtime.broker import Headers, Message, Outgoing

REPLAYS: Final = "dlq-replays"
"""The header that counts how often a message was replayed. A service that refuses it again keeps it."""

_OURS: Final = "dlq-"
_MOST_DIGITS: Final = 9


class Place(NamedTuple):
    """Where a dead letter stands: not the place that it was refused at, which its headers tell."""

    topic: str
    """The topic that it was refused from, without the deployment's prefix."""
    partition: int
    """Of the topic of dead letters."""
    offset: int


@dataclass(frozen=True, slots=True)
class Letter:
    """One dead letter."""

    place: Place
    key: bytes | None
    value: bytes | None
    headers: Headers
    written_at: datetime

    @property
    def reason(self) -> str:
        """Return the word that says why it was refused; empty when nothing does."""
        return self.told("dlq-reason")

    @property
    def error(self) -> str:
        """Return what was wrong with it."""
        return self.told("dlq-error")

    @property
    def service(self) -> str:
        """Return which service refused it."""
        return self.told("dlq-service")

    @property
    def replays(self) -> int:
        """Return how often it was replayed before it came here."""
        told = self.told(REPLAYS)
        # Whoever wrote the message could write this header, too: what is no count is none.
        return int(told) if told.isascii() and told.isdigit() and len(told) <= _MOST_DIGITS else 0

    def told(self, name: str) -> str:
        """Return a header as text, the last one when there are several."""
        found = [value for header, value in self.headers if header == name and value is not None]
        last = found[-1] if found else b""
        return last if isinstance(last, str) else last.decode(errors="backslashreplace")

    def as_before(self) -> Outgoing:
        """Return the message that was refused, with one more replay counted."""
        kept = [header for header in self.headers if not header[0].startswith(_OURS)]
        return Outgoing(self.key, self.value, [*kept, (REPLAYS, str(self.replays + 1).encode())])


def read_letter(topic: str, message: Message) -> Letter:
    """Return a message of a topic's dead letters as a letter."""
    place = Place(topic, message.partition(), message.offset())
    _, milliseconds = message.timestamp()
    written_at = datetime.fromtimestamp(max(milliseconds, 0) / 1_000, UTC)
    return Letter(place, message.key(), message.value(), message.headers() or [], written_at)
