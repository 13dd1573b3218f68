"""Lists in an order that the caller chooses, in pages: a cursor is where the page before ended, in that very list.

Ties are broken by the id, in the same direction. A cursor of the same list in another order, or of what another filter
finds, is refused: it would stand for another place.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any, Final, NamedTuple

import orjson

from alerting.rule_service.pagination import AnyPage, Paging, decode_place, encode, refuse_cursor

_DIGEST_BYTES: Final = 6

SORTED: Final = "What the list is sorted by; with `-`, from the greatest to the least. Ties are broken by the id."


class Column(NamedTuple):
    """What a list can be sorted by."""

    name: str
    """Of the table's column."""
    rank: str = "{}"
    """What of a value counts, in SQL."""
    check: Callable[[str], object] = str
    """Raises ValueError for a text that is no value of the column."""


def check_time(text: str) -> None:
    """Return when a text is a time as `Listing.page` writes it, which is the only form: the database reads fewer."""
    at = datetime.fromisoformat(text)
    if at.isoformat() != text or at.utcoffset() != timedelta():
        raise ValueError("no time of UTC")


class Place(NamedTuple):
    """Where a page ends."""

    value: str
    """Of the column that the list is sorted by."""
    id: str


@dataclass(frozen=True)
class Listing:
    """One list: what a filter finds, in an order. A page of it begins behind a place."""

    name: str
    column: Column
    descending: bool
    after: Place | None
    limit: int

    def page(self, kind: type[AnyPage], rows: Sequence[Mapping[str, Any]]) -> AnyPage:
        """Make a page of rows, of which there is one more than the limit when there is another page."""
        shown = rows[: self.limit]
        more = len(rows) > self.limit
        next_cursor = encode(self.name, *self._place(shown[-1])) if more else None
        return kind.model_validate({"items": shown, "next_cursor": next_cursor})

    def _place(self, row: Mapping[str, Any]) -> Place:
        value = row[self.column.name]
        return Place(value.isoformat() if isinstance(value, datetime) else str(value), str(row["id"]))


class SortedPaging(Paging):
    """The query parameters of a list that can be sorted; a list's own says by what."""

    def listing(self, listed: str, columns: Mapping[str, Column], **scope: str | None) -> Listing:
        """Return which list is meant, and which page of it; `scope` is what narrows it beside the parameters."""
        given = self.model_dump(mode="json", exclude={"limit", "cursor"}, exclude_none=True)
        asked = orjson.dumps([given, scope], option=orjson.OPT_SORT_KEYS)
        name = f"{listed}-{blake2b(asked, digest_size=_DIGEST_BYTES).hexdigest()}"
        column = columns[given["sort"].removeprefix("-")]
        return Listing(name, column, given["sort"].startswith("-"), self._place(name, column), self.limit)

    def _place(self, name: str, column: Column) -> Place | None:
        if self.cursor is None:
            return None
        place = Place(*decode_place(name, self.cursor, len(Place._fields)))
        try:
            column.check(place.value)
        except ValueError:
            refuse_cursor()
        return place
