"""What ``/readyz`` answers, read by those who ask. It imports little: a health check, which is run often, reads it."""

import json


def unavailable(body: bytes) -> list[str]:
    """Return the dependencies that an answer names as unavailable; nothing of one that is another's."""
    try:
        checks = json.loads(body)["checks"]
        return [name for name, state in checks.items() if state != "ok"]
    except (ValueError, KeyError, TypeError, AttributeError):
        return []
