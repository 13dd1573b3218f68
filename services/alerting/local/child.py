"""What can be started, watched and stopped: a process with a name and a log file."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from alerting.local.process import Process


class Child(ABC):
    """A process that can be started again after it ended."""

    name: str

    def __init__(self, log: Path) -> None:
        """Start nothing yet."""
        self.log = log
        self._process: Process | None = None

    @abstractmethod
    def start(self, timeout: float = 60) -> None:
        """Start it, and wait until it can be used."""

    @property
    def pid(self) -> int:
        """Return the process's id."""
        return self._started.pid

    def alive(self) -> bool:
        """Return whether the process runs."""
        return self._process is not None and self._process.alive()

    def wait(self, timeout: float | None = None) -> int | None:
        """Wait until it ends, and return its exit code; return None when it still runs after `timeout` seconds."""
        return self._started.wait(timeout)

    def terminate(self) -> None:
        """Ask it to stop."""
        self._started.terminate()

    def kill(self) -> None:
        """Stop it without asking."""
        self._started.kill()

    def stop(self, timeout: float = 20) -> None:
        """Ask it to stop, and kill it when it has not after `timeout` seconds; do nothing when it does not run."""
        if self._process is not None:
            self._process.stop(timeout)

    def log_tail(self) -> str:
        """Return the last lines that it wrote since it was started."""
        return self._started.log_tail()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def _started(self) -> Process:
        if self._process is None:
            raise RuntimeError(f"{self.name} was not started")
        return self._process


class Service(Child):
    """A command that counts as started as soon as its process is."""

    def __init__(self, name: str, command: Sequence[str], log: Path, *, env: Mapping[str, str] | None = None) -> None:
        """Start nothing yet; the environment will be this process's with `env` on top."""
        super().__init__(log)
        self.name = name
        self._command = command
        self._env = env

    def start(self, timeout: float = 60) -> None:  # noqa: ARG002 (nothing to wait for)
        """Start it."""
        self._process = Process(self._command, self.log, env=self._env)
