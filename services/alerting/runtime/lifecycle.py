"""From start to SIGTERM: a service ends by draining, and exits 0."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import structlog

from alerting.runtime.backoff import delays
from alerting.runtime.errors import Unavailable

_log = structlog.get_logger(__name__)


@contextmanager
def stop_on_signals() -> Iterator[threading.Event]:
    """Yield an event that SIGTERM and SIGINT set."""
    stop = threading.Event()

    def set_stop(number: int, _frame: FrameType | None) -> None:
        _log.info("stopping", signal=signal.Signals(number).name)
        stop.set()

    before = {number: signal.signal(number, set_stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def wait_for(dependency: str, attempt: Callable[[], object], stop: threading.Event) -> bool:
    """Try until a dependency answers, saying what is waited for; return False when told to stop before."""
    for delay in delays():
        try:
            attempt()
        except Unavailable as error:
            _log.warning("waiting", dependency=dependency, error=str(error), retry_in=round(delay, 2))
        else:
            return True
        if stop.wait(delay):
            return False
    raise AssertionError("delays never end")
