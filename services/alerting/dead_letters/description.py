"""Dead letters as JSON has them, for the command line and for the API."""

from typing import Any

from alerting.dead_letters.actions import Action
from alerting.dead_letters.decoding import decode
from alerting.dead_letters.letter import Letter


def describe(letter: Letter) -> dict[str, Any]:
    """Return what a list tells of a letter. Bytes that are no text are escaped."""
    topic, partition, offset = letter.place
    return {
        "topic": topic,
        "partition": partition,
        "offset": offset,
        "written_at": letter.written_at.isoformat(),
        "reason": letter.reason,
        "error": letter.error,
        "service": letter.service,
        "key": _text(letter.key),
        "bytes": None if letter.value is None else len(letter.value),
        "replays": letter.replays,
    }


def describe_fully(letter: Letter, action: Action | None) -> dict[str, Any]:
    """Return all there is to tell of a letter."""
    decoded = decode(letter.place.topic, letter.value)
    return {
        **describe(letter),
        "headers": [{"name": name, "value": _text(value)} for name, value in letter.headers],
        "key_hex": None if letter.key is None else letter.key.hex(),
        "value_hex": None if letter.value is None else letter.value.hex(),
        "message": decoded.message,
        "fields": decoded.fields,
        "decode_error": decoded.error,
        "action": action and {"action": action.verb, "at": action.at.isoformat(), "actor": action.actor},
    }


def _text(value: bytes | str | None) -> str | None:
    return value.decode(errors="backslashreplace") if isinstance(value, bytes) else value
