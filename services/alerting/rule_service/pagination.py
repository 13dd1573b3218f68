"""Lists in pages: a cursor is the id that the page before ended with, wrapped so that nobody builds on it.

A walk over the pages yields everything that was there all the time, once, whatever is inserted or deleted meanwhile.
"""

import base64
from collections.abc import Sequence
from typing import Annotated, Any, Generic, NoReturn, Self, TypeVar

import orjson
from pydantic import BaseModel, Field

from alerting.rule_service.faults import raise_fault
from alerting.rule_service.values import MOST_CHARACTERS, Body
from alerting.runtime.described import Described

MOST_ITEMS = 500
DEFAULT_ITEMS = 50
MOST_COUNTED = 10_000

Item = TypeVar("Item", bound=BaseModel)

NextCursor = Annotated[str | None, Field(description="The `cursor` of the next page; null when this is the last.")]


class Paging(Body):
    """The query parameters of a list."""

    limit: Annotated[int, Field(ge=1, le=MOST_ITEMS, description="The most items of a page.")] = DEFAULT_ITEMS
    cursor: Annotated[str | None, Field(description="Where the page begins: `next_cursor` of the page before.")] = None

    def after(self, listed: str) -> str | None:
        """Return the id behind which the page begins; None for the first page."""
        return None if self.cursor is None else decode(listed, self.cursor)


class Count(Described):
    """How many there are."""

    count: int
    """How many were counted; no more than the bound."""
    more: bool
    """Whether there are more than that, or the time did not suffice to know."""

    @classmethod
    def of(cls, number: int) -> Self:
        """Return a count that goes no further than `MOST_COUNTED`."""
        return cls(count=min(number, MOST_COUNTED), more=number > MOST_COUNTED)


class Page(Described, Generic[Item]):
    """One page of a list. Each list has a page of its own, whose name the OpenAPI document knows it by."""

    items: list[Item]
    """What is on this page, in the list's order."""
    next_cursor: NextCursor


AnyPage = TypeVar("AnyPage", bound=Page[Any])


def encode(listed: str, *place: str) -> str:
    """Return the cursor of a place in a list: the id of what stands there, and before it what the list is sorted by."""
    return base64.urlsafe_b64encode(orjson.dumps([listed, *place])).decode().rstrip("=")


def decode(listed: str, cursor: str) -> str:
    """Return the id that a cursor stands for.

    Raises
    ------
    Problem
        422: it is not a cursor of this list.
    """
    (last_id,) = decode_place(listed, cursor, 1)
    return last_id


def decode_place(listed: str, cursor: str, parts: int) -> list[str]:
    """Return the place that a cursor stands for, which has so many parts.

    Raises
    ------
    Problem
        422: it is not a cursor of this list.
    """
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        found = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except ValueError:
        refuse_cursor()
    if not isinstance(found, list) or len(found) != 1 + parts or found[0] != listed:
        refuse_cursor()
    place = found[1:]
    for part in place:
        if not isinstance(part, str) or not 1 <= len(part) <= MOST_CHARACTERS or "\0" in part:
            refuse_cursor()
    return place


def refuse_cursor() -> NoReturn:
    """Answer a cursor that this list did not give."""
    raise_fault(422, "cursor", "not a cursor of this list")


def page_of(kind: type[AnyPage], listed: str, rows: Sequence[dict[str, Any]], limit: int) -> AnyPage:
    """Make a page of rows, of which there is one more than `limit` when there is another page."""
    more = len(rows) > limit
    next_cursor = encode(listed, str(rows[limit - 1]["id"])) if more else None
    return kind.model_validate({"items": rows[:limit], "next_cursor": next_cursor})
