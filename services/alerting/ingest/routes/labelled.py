"""What the formats whose alerts have labels and annotations document alike."""

from typing import Any, Final

_STRINGS: Final = {"type": "object", "additionalProperties": {"type": "string"}}

LABELLED: Final[dict[str, Any]] = {
    "labels": {
        **_STRINGS,
        "description": "What tells the alert from others; its severity, source and name are read from them.",
    },
    "annotations": {**_STRINGS, "description": "What people want to know of it: they go into the alert's context."},
    "startsAt": {
        "type": "string",
        "format": "date-time",
        "description": "When it began; now when it is absent.",
    },
    "generatorURL": {"type": "string", "description": "What raised it: it goes into the alert's context."},
}
"""The fields of an alert, but for its end."""
