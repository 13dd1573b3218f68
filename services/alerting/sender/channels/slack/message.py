"""What Slack shows of a notification."""

from typing import Any, Final

import orjson

from alerting.sender.delivery import Delivery

# Slack's own limits are 3,000 characters a text, 2,000 a field and 10 fields; it refuses a message that passes one.
# These leave room for the escapes, of which one character becomes up to five.
MOST_TITLE: Final = 500
MOST_FIELDS: Final = 10
MOST_KEY: Final = 75
MOST_VALUE: Final = 300
MOST_ID: Final = 255


def slack_message(delivery: Delivery) -> dict[str, Any]:
    """Return a message with a text for notifications and blocks for the channel."""
    alert = delivery.alert
    title = escaped(f"[{alert.severity}] {alert.source}: {alert.name}", MOST_TITLE)
    blocks: list[dict[str, Any]] = [{"type": "section", "text": _mrkdwn(f"*{title}*")}]
    context: dict[str, str] = orjson.loads(alert.context)
    if context:
        shown = sorted(context.items())[:MOST_FIELDS]
        fields = [_mrkdwn(f"*{escaped(key, MOST_KEY)}*\n{escaped(value, MOST_VALUE)}") for key, value in shown]
        blocks.append({"type": "section", "fields": fields})
    left_out = f" · {len(context) - MOST_FIELDS} more" if len(context) > MOST_FIELDS else ""
    about = f"{alert.event_at:%Y-%m-%d %H:%M:%S} UTC{left_out} · alert {escaped(alert.alert_id, MOST_ID)}"
    blocks.append({"type": "context", "elements": [_mrkdwn(about)]})
    return {"text": title, "blocks": blocks}


def escaped(text: str, most: int) -> str:
    """Return a text, cut to so many characters, in which Slack finds no markup, link or mention."""
    cut = text if len(text) <= most else text[: most - 1] + "…"
    return cut.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _mrkdwn(text: str) -> dict[str, Any]:
    # Not verbatim, Slack would make mentions out of names that begin with @ or #.
    return {"type": "mrkdwn", "text": text, "verbatim": True}
