"""What a service shows of a notification."""

from typing import Final

import orjson

from alerting.sender.delivery import Delivery

MOST_FIELDS: Final = 20
MOST_CHARACTERS: Final = 300


def title(delivery: Delivery) -> str:
    """Return one line."""
    alert = delivery.alert
    return _line(f"[{alert.severity}] {alert.source}: {alert.name}")


def body(delivery: Delivery) -> str:
    """Return the context, a line for each of its first fields, and what to look for in a list."""
    alert = delivery.alert
    context: dict[str, str] = orjson.loads(alert.context)
    lines = [_line(f"{name}: {value}") for name, value in sorted(context.items())[:MOST_FIELDS]]
    if len(context) > MOST_FIELDS:
        lines.append(f"and {len(context) - MOST_FIELDS} more")
    return "\n".join([*lines, f"{alert.event_at:%Y-%m-%d %H:%M:%S} UTC", f"alert {_line(alert.alert_id)}"])


def _line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= MOST_CHARACTERS else line[: MOST_CHARACTERS - 1] + "…"
