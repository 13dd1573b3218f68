"""Which dead letters are meant."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from alerting.dead_letters.letter import Letter
from alerting.runtime.topics import TOPICS, dead_letter_topic

MOST: Final = 10_000
"""Most letters that one question may return, or one order may handle."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Topics, and what their letters must have."""

    topics: tuple[str, ...] = TOPICS
    reason: str | None = None
    since: datetime | None = None

    def takes(self, letter: Letter) -> bool:
        """Return whether a letter of the topics is meant."""
        return (self.reason is None or letter.reason == self.reason) and (
            self.since is None or letter.written_at >= self.since
        )


def source_topic(name: str) -> str:
    """Return the topic that is meant by its own name or by that of its dead letters.

    Raises
    ------
    ValueError
        There is no such topic; the text says which there are.
    """
    for topic in TOPICS:
        if name in {topic, dead_letter_topic(topic)}:
            return topic
    raise ValueError(f"there is no topic {name!r}: {', '.join(TOPICS)}")
