"""librdkafka's log: that a broker is away is said once a minute by each client, not with every try to reach it."""

import logging
import time
from collections.abc import Callable
from typing import Final

AGAIN_SECONDS: Final = 60.0
_MOST_REMEMBERED: Final = 1_000
_TRY: Final = " (after "
"""What follows is how long a try took, and how many were alike."""


class SaidOnce(logging.Filter):
    """Drops a line that was said a moment ago."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._monotonic = monotonic
        self._said: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether the line is new, or was said long enough ago."""
        line = record.getMessage().partition(_TRY)[0]
        now = self._monotonic()
        if now < self._said.get(line, float("-inf")) + AGAIN_SECONDS:
            return False
        if len(self._said) >= _MOST_REMEMBERED:
            self._said.clear()
        self._said[line] = now
        return True


CLIENT_LOG: Final = logging.getLogger(__name__)
CLIENT_LOG.addFilter(SaidOnce())
