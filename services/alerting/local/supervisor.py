"""Keeps children running: restarts those that end by themselves, and stops all of them in order."""

import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from alerting.local.child import Child
from alerting.runtime.errors import AlertingError


class Status(StrEnum):
    """What a child is doing."""

    RUNNING = "running"
    RESTARTING = "restarting"
    GAVE_UP = "gave up"
    STOPPED = "stopped"


@dataclass(frozen=True)
class State:
    """How a child fares."""

    name: str
    status: Status
    pid: int
    restarts: int
    detail: str
    """Why it is not running, with the end of its log."""


@dataclass(frozen=True)
class RestartPolicy:
    """When to restart a child that ended, and when to leave it."""

    crashes: int = 5
    """How many within the window are too many."""
    window: float = 60.0
    first_delay: float = 0.2
    """Seconds, doubled with each further crash within the window."""


USUAL_POLICY: Final = RestartPolicy()


class Supervisor:
    """Children, each watched by a thread."""

    def __init__(self, report: Callable[[State], None], *, policy: RestartPolicy = USUAL_POLICY) -> None:
        """Watch nobody yet; `report` is called with each change, from the child's thread."""
        self._report = report
        self._policy = policy
        self._watched: dict[str, _Watched] = {}

    def start(self, child: Child) -> None:
        """Start a child and keep it running; raise what its first start raises."""
        child.start()
        self._watched[child.name] = _Watched(child, self._policy, self._report)

    def states(self) -> list[State]:
        """Return how the children fare, in the order in which they were started."""
        return [watched.state for watched in self._watched.values()]

    def stop(self, stages: Sequence[Collection[str]] = (), timeout: float = 20) -> None:
        """Stop the named children, one stage after another, then the others, the last started first."""
        others = [{name} for name in reversed(self._watched) if not any(name in stage for stage in stages)]
        self.stop_stages([*stages, *others], timeout)

    def stop_stages(self, stages: Sequence[Collection[str]], timeout: float = 20) -> None:
        """Stop the named children and no others, one stage after another.

        The children of a stage are asked together, and those left after `timeout` seconds are killed.
        """
        for stage in stages:
            members = [self._watched[name] for name in stage if name in self._watched]
            for watched in members:
                watched.terminate()
            end = time.monotonic() + timeout
            for watched in members:
                watched.join(max(0.0, end - time.monotonic()))


class _Watched:
    """A child, and the thread that restarts it."""

    def __init__(self, child: Child, policy: RestartPolicy, report: Callable[[State], None]) -> None:
        self._child = child
        self._policy = policy
        self._report = report
        self._stopping = threading.Event()
        self._crashes: deque[float] = deque(maxlen=policy.crashes)
        self._restarts = 0
        self.state = State(child.name, Status.RUNNING, child.pid, 0, "")
        self._thread = threading.Thread(target=self._watch, name=f"watch-{child.name}", daemon=True)
        self._thread.start()

    def terminate(self) -> None:
        """Ask the child to stop, and do not start it again."""
        self._stopping.set()
        if self._child.alive():
            self._child.terminate()

    def join(self, timeout: float) -> None:
        """Wait until the child has stopped; kill it when it has not after `timeout` seconds."""
        self._thread.join(timeout)
        if self._thread.is_alive():
            self._child.kill()
            self._thread.join()

    def _watch(self) -> None:
        ended = self._await_end()
        while not self._stopping.is_set():
            delay = self._delay_after_crash()
            if delay is None:
                self._change(Status.GAVE_UP, ended)
                return
            self._change(Status.RESTARTING, ended)
            if self._stopping.wait(delay):
                break
            self._restarts += 1
            try:
                self._child.start()
            except (AlertingError, OSError) as error:
                ended = str(error)
                continue
            self._change(Status.RUNNING, "")
            if self._stopping.is_set():  # asked while there was nobody to ask
                self._child.terminate()
            ended = self._await_end()
        self._change(Status.STOPPED, "")

    def _await_end(self) -> str:
        code = self._child.wait()
        return f"ended with {code}; the end of {self._child.log}:\n{self._child.log_tail()}"

    def _delay_after_crash(self) -> float | None:
        now = time.monotonic()
        self._crashes.append(now)
        recent = sum(now - crash < self._policy.window for crash in self._crashes)
        if recent == self._policy.crashes:
            return None
        return float(self._policy.first_delay * 2 ** (recent - 1))

    def _change(self, status: Status, detail: str) -> None:
        self.state = State(self._child.name, status, self._child.pid, self._restarts, detail)
        self._report(self.state)
