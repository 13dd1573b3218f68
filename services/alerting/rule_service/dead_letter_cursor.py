"""The cursor of the list of dead letters: how far each partition was looked at."""

import base64

from pydantic import TypeAdapter, ValidationError

from alerting.dead_letters.waiting import Begins
from alerting.rule_service.pagination import refuse_cursor

_places = TypeAdapter(list[tuple[str, int, int]])


def encode_begins(begins: Begins) -> str:
    """Return the cursor of a page that begins at these places."""
    places = [(*partition, offset) for partition, offset in begins.items()]
    return base64.urlsafe_b64encode(_places.dump_json(places)).decode().rstrip("=")


def decode_begins(cursor: str) -> Begins:
    """Return the places that a cursor stands for.

    Raises
    ------
    Problem
        422: it is not a cursor of this list.
    """
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        places = _places.validate_json(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, ValidationError):
        refuse_cursor()
    return {(topic, partition): offset for topic, partition, offset in places}
