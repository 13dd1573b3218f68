"""A service as a process, as its users start it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import httpx

from alerting.local.ports import free_port

BOUND = 40.0


def eventually(condition: Callable[[], bool], what: str, seconds: float = BOUND) -> None:
    """Wait for something to be so, and fail with its name when it is not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.02)


def stand_still(kafka: int) -> None:
    """Stop a Kafka for longer than the four seconds after which it counts itself out, for a tenth of a second."""
    os.kill(kafka, signal.SIGSTOP)
    time.sleep(4.6)
    os.kill(kafka, signal.SIGCONT)


class ServiceProcess:
    """``python -m alerting <service>``."""

    def __init__(self, service: str, env: Mapping[str, str]) -> None:
        self.port = free_port()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "alerting", service],
            env={**os.environ, **env, "ALERTING_PORT": str(self.port), "ALERTING_HOST": "127.0.0.1"},
        )

    def get(self, path: str) -> httpx.Response | None:
        """Ask its HTTP server; None when it does not answer."""
        assert self._process.poll() is None, f"it ended with {self._process.returncode}"
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}{path}", timeout=5)
        except httpx.TransportError:
            return None

    def readiness(self) -> int | None:
        answer = self.get("/readyz")
        return None if answer is None else answer.status_code

    def await_ready(self) -> None:
        eventually(lambda: self.readiness() == 200, "ready")

    def figure(self, name: str) -> float:
        """Return a metric without labels, or the sum of one with labels; 0 when there is none."""
        answer = self.get("/metrics")
        lines = answer.text.splitlines() if answer is not None else []
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.split("{")[0].split(" ")[0] == name)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def pause(self) -> None:
        """Stall it, as a machine without CPU time does."""
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def end(self) -> int:
        """Wait until it ends by itself, and return its exit code."""
        return self._process.wait(BOUND)

    def terminate(self) -> int:
        """Ask it to stop, and return its exit code."""
        self._process.terminate()
        return self.end()


@contextmanager
def running(service: str, env: Mapping[str, str], **more: str) -> Iterator[ServiceProcess]:
    """Start a service, with more settings by their names in the environment."""
    process = ServiceProcess(service, {**env, **more})
    try:
        yield process
    finally:
        process.kill()
