"""How long to wait before doing it again."""

import random
from collections.abc import Iterator


def delays(first: float = 0.1, most: float = 5.0, *, jitter: float = 0.2) -> Iterator[float]:
    """Yield seconds without end: doubled each time, at most `most`, each varied by the share `jitter`."""
    delay = first
    while True:
        yield delay * random.uniform(1 - jitter, 1 + jitter)  # spreads load, keeps no secret  # noqa: S311
        delay = min(most, delay * 2)
