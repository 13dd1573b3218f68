"""What requests say about dead letters, and what answers do."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from alerting.dead_letters.actions import Verb
from alerting.dead_letters.letter import Place
from alerting.dead_letters.selection import Selection
from alerting.dead_letters.waiting import Begins
from alerting.rule_service.dead_letter_cursor import decode_begins
from alerting.rule_service.pagination import Paging
from alerting.rule_service.values import AlertText, Body
from alerting.runtime.topics import TOPICS

MOST_LETTERS: Final = 500
"""How many letters one request may name."""

Topic = Literal["alerts.new", "rule.changed", "alerts.matched", "notifications.ready"]
PartitionNumber = Annotated[int, Field(ge=0, le=2**31 - 1)]
Offset = Annotated[int, Field(ge=0, le=2**63 - 1)]


class DeadLetter(BaseModel):
    """A message that a service refused. Bytes that are no text are escaped."""

    topic: str
    """That it was refused from; `partition` and `offset` are its place in the topic's dead letters."""
    partition: int
    offset: int
    written_at: datetime
    reason: str
    error: str
    service: str
    key: str | None
    bytes: int | None
    """How long its value is; null when there is none."""
    replays: int


class Header(BaseModel):
    """A header of a message."""

    name: str
    value: str | None


class DeadLetterAction(BaseModel):
    """What was done with a letter."""

    action: Verb
    at: datetime
    actor: str
    """The key's id, or `cli`."""


class DeadLetterDetail(DeadLetter):
    """All there is to tell of a letter."""

    headers: list[Header]
    key_hex: str | None
    value_hex: str | None
    message: str
    """The kind of message that its topic has."""
    fields: dict[str, Any] | None
    """What it says; null when it does not decode."""
    decode_error: str | None
    action: DeadLetterAction | None


class LetterFilter(Body):
    """Which of the letters that wait."""

    topic: Topic | None = None
    reason: AlertText | None = None

    def selection(self) -> Selection:
        """Return the same, for the desk."""
        return Selection((self.topic,) if self.topic else TOPICS, self.reason)


class LetterFilters(Paging, LetterFilter):
    """Which letters to list."""

    def begins(self) -> Begins:
        """Return where the page begins; nothing for the first page."""
        return {} if self.cursor is None else decode_begins(self.cursor)


class LetterCount(BaseModel):
    """How many letters of a topic wait for one reason."""

    topic: str
    reason: str
    count: int


class LetterSummary(BaseModel):
    """How many letters wait."""

    items: list[LetterCount]
    complete: bool
    """Whether the time sufficed to count all of them."""


class LetterPlace(Body):
    """Where a letter stands, as the list says it."""

    topic: Topic
    partition: PartitionNumber
    offset: Offset

    def place(self) -> Place:
        """Return the same, for the desk."""
        return Place(self.topic, self.partition, self.offset)


class LetterOrder(Body):
    """Which letters to handle: those that are named, or those of a topic, maybe for one reason only."""

    letters: list[LetterPlace] | None = Field(None, min_length=1, max_length=MOST_LETTERS)
    topic: Topic | None = None
    reason: AlertText | None = None

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


class LettersHandled(BaseModel):
    """What was done."""

    number: int
    """Fewer than asked for when some were gone, or somebody else was faster."""
    more: bool
    """Whether more of the topic's letters may wait."""
