"""What the HTTP services say of themselves."""

from typing import Final

import httpx

from alerting.runtime.ready_answer import unavailable

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
    missing = unavailable(answer.content)
    return f"answers {answer.status_code}" + (f": {', '.join(missing)}" if missing else "")
