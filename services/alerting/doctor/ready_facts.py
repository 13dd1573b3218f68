"""What the HTTP services say of themselves."""

from typing import Final

import httpx

_SECONDS: Final = 6.0


def look(url: str) -> str | None:
    """Return None when a service is ready, else what it says.

    Raises
    ------
    httpx.HTTPError
        It does not answer.
    """
    answer = httpx.get(f"{url.rstrip('/')}/readyz", timeout=_SECONDS, trust_env=False)
    if answer.status_code == 200:
        return None
    try:
        missing = [name for name, state in answer.json()["checks"].items() if state != "ok"]
    except (ValueError, KeyError, TypeError, AttributeError):
        missing = []
    return f"answers {answer.status_code}" + (f": {', '.join(missing)}" if missing else "")
