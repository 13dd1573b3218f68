"""The limits of an alert's context, and how a context from outside is made to fit them."""

from collections.abc import Mapping
from typing import Final

from alerting.ingest.alert import MOST_CHARACTERS, MOST_CONTEXT_BYTES, MOST_KEYS, strings
from alerting.ingest.faults import Rejected

MARKER: Final = "truncated"
"""The key that names what was cut."""

_ROOM: Final = MOST_CONTEXT_BYTES - len(MARKER) - MOST_CHARACTERS
_LEAST_KEPT: Final = 16


def size(context: Mapping[str, str]) -> int:
    """Return a context's bytes: of its keys and its values, in UTF-8."""
    characters = sum(map(len, context)) + sum(map(len, context.values()))
    # A character has at most four bytes, so most contexts need not be encoded to be known to fit.
    if characters * 4 <= MOST_CONTEXT_BYTES:
        return characters
    return sum(len(key.encode()) + len(value.encode()) for key, value in context.items())


def checked(value: object, field: str) -> dict[str, str]:
    """Return a context that has to be within the limits."""
    context = strings(value, field)
    if len(context) > MOST_KEYS:
        raise Rejected(field, f"must have at most {MOST_KEYS} keys, and has {len(context)}")
    if (found := size(context)) > MOST_CONTEXT_BYTES:
        raise Rejected(field, f"must have at most {MOST_CONTEXT_BYTES} bytes, and has {found}")
    return context


def fitted(context: dict[str, str]) -> dict[str, str]:
    """Return a context within the limits: the first keys are kept, and the longest values are cut.

    A monitoring system's alert is worth more than the tail of its description, so it is not refused for it.
    """
    if len(context) <= MOST_KEYS and size(context) <= MOST_CONTEXT_BYTES:
        return context
    names = list(context)
    cut = set(names[MOST_KEYS - 1 :])
    left = _ROOM
    kept: dict[str, str] = {}
    for name in sorted(names[: MOST_KEYS - 1], key=lambda name: len(context[name].encode())):
        key, value = len(name.encode()), context[name].encode()
        if key + len(value) <= left:
            kept[name] = context[name]
        else:
            cut.add(name)
            if left - key < _LEAST_KEPT:
                continue
            value = value[: left - key]
            # The cut may have gone through a character.
            kept[name] = value.decode(errors="ignore")
        left -= key + len(value)
    ordered = {name: kept[name] for name in names if name in kept and name != MARKER}
    listed = ", ".join(name for name in names if name in cut).encode()[:MOST_CHARACTERS]
    return ordered | {MARKER: listed.decode(errors="ignore") or "true"}
