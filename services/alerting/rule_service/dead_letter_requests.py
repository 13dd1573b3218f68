"""What requests say about dead letters, and what answers do."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from alerting.dead_letters.actions import Verb
from alerting.dead_letters.letter import Place
from alerting.dead_letters.selection import Selection
from alerting.dead_letters.waiting import Begins
from alerting.rule_service.dead_letter_cursor import decode_begins
from alerting.rule_service.pagination import Page, Paging
from alerting.rule_service.values import AlertText, Body
from alerting.runtime.described import Described, examples
from alerting.runtime.topics import TOPICS

MOST_LETTERS: Final = 500
"""How many letters one request may name."""

Topic = Literal["alerts.new", "rule.changed", "alerts.matched", "notifications.ready"]
PartitionNumber = Annotated[int, Field(ge=0, le=2**31 - 1)]
Offset = Annotated[int, Field(ge=0, le=2**63 - 1)]


class DeadLetter(Described):
    """A message that a service refused. Bytes that are no text are escaped."""

    topic: str
    """The topic that it was refused from."""
    partition: int
    """The partition of the topic's dead letters that it stands in."""
    offset: int
    """Its place in that partition."""
    written_at: datetime
    """When it was refused, in UTC."""
    reason: str
    """Why, in a word of a closed list, such as `undecodable`."""
    error: str
    """Why, for a person to read."""
    service: str
    """The service that refused it."""
    key: str | None
    """The message's key; null when it has none."""
    bytes: int | None
    """How long its value is; null when there is none."""
    replays: int
    """How often it was replayed before it was refused again."""


class DeadLetterPage(Page[DeadLetter]):
    """One page of dead letters."""


class Header(Described):
    """A header of a message."""

    name: str
    """Its name."""
    value: str | None
    """Its value; bytes that are no text are escaped. Null when it has none."""


class DeadLetterAction(Described):
    """What was done with a letter."""

    action: Verb
    """What was done."""
    at: datetime
    """When, in UTC."""
    actor: str
    """The key's id, or `cli`."""


class DeadLetterDetail(DeadLetter):
    """All there is to tell of a letter."""

    headers: list[Header]
    """The message's headers, in their order."""
    key_hex: str | None
    """The key's bytes in hexadecimal; null when it has none."""
    value_hex: str | None
    """The value's bytes in hexadecimal; null when there is none."""
    message: str
    """The kind of message that its topic has."""
    fields: dict[str, Any] | None
    """What it says; null when it does not decode."""
    decode_error: str | None
    """Why it does not decode; null when it does."""
    action: DeadLetterAction | None
    """What was done with it; null while it waits."""


class LetterFilter(Body):
    """Which of the letters that wait."""

    topic: Topic | None = Field(None, description="Only those that were refused from this topic.")
    reason: AlertText | None = Field(None, description="Only those that were refused for this reason.")

    def selection(self) -> Selection:
        """Return the same, for the desk."""
        return Selection((self.topic,) if self.topic else TOPICS, self.reason)


class LetterFilters(Paging, LetterFilter):
    """Which letters to list."""

    def begins(self) -> Begins:
        """Return where the page begins; nothing for the first page."""
        return {} if self.cursor is None else decode_begins(self.cursor)


class LetterCount(Described):
    """How many letters of a topic wait for one reason."""

    topic: str
    """The topic that they were refused from."""
    reason: str
    """Why they were refused."""
    count: int
    """How many wait."""


class LetterSummary(Described):
    """How many letters wait."""

    items: list[LetterCount]
    """The counts, by topic and reason."""
    complete: bool
    """Whether the time sufficed to count all of them."""


class LetterPlace(Body):
    """Where a letter stands, as the list says it."""

    topic: Topic
    """The topic that it was refused from."""
    partition: PartitionNumber
    """As the list says it."""
    offset: Offset
    """As the list says it."""

    def place(self) -> Place:
        """Return the same, for the desk."""
        return Place(self.topic, self.partition, self.offset)


class LetterOrder(Body):
    """Which letters to handle: those that are named, or those of a topic, maybe for one reason only."""

    model_config = examples(
        {"letters": [{"topic": "alerts.new", "partition": 3, "offset": 17}]},
        {"topic": "alerts.matched", "reason": "rejected_by_database"},
    )

    letters: list[LetterPlace] | None = Field(None, min_length=1, max_length=MOST_LETTERS)
    """These; without `topic`. Null when they are a topic's."""
    topic: Topic | None = None
    """The topic whose waiting letters are meant; without `letters`. Null when they are named."""
    reason: AlertText | None = None
    """Only those that were refused for this reason; with `topic`. Null for any."""

    @model_validator(mode="after")
    def _check_one_way(self) -> Self:
        if (self.letters is None) == (self.topic is None):
            raise PydanticCustomError("which", "either letters, or a topic")
        if self.letters is not None and self.reason is not None:
            raise PydanticCustomError("which", "a reason goes with a topic")
        return self

    def topics(self) -> set[str]:
        """Return the topics that the letters are of."""
        return {self.topic} if self.topic else {letter.topic for letter in self.letters or ()}


class LettersHandled(Described):
    """What was done."""

    number: int
    """How many; fewer than asked for when some were gone, or somebody else was faster."""
    more: bool
    """Whether more of the topic's letters may wait."""
