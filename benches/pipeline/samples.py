"""What a service's process says of itself while it works, read from its ``/metrics``."""

import contextlib
import re
import time
import urllib.request
from collections.abc import Iterator
from typing import NamedTuple

_COUNT = re.compile(rb'^alerting_messages_(consumed|produced)_total\{topic="[^"]*"\} (\S+)$', re.MULTILINE)


class Sample(NamedTuple):
    """The messages that a process has committed and produced by a moment of the monotonic clock."""

    at: float
    consumed: int
    produced: int


def samples(port: int, timeout: float) -> Iterator[Sample]:
    """Yield samples of the process at this port, twenty a second, until the time-out."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        time.sleep(0.05)
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
            counts = {name: int(float(number)) for name, number in _COUNT.findall(answer.read())}
            yield Sample(time.monotonic(), counts.get(b"consumed", 0), counts.get(b"produced", 0))
