"""What the servers have in common: a directory, a log, a port, and a start that waits for the first answer."""

import fcntl
import os
import signal
import subprocess
import time
from abc import abstractmethod
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, ClassVar

from alerting.local.child import Child
from alerting.local.ports import is_free, kept_port
from alerting.local.process import Process
from alerting.runtime.errors import AlertingError

POLL_SECONDS = 0.05
LOCK_SECONDS = 10.0


class ServerError(AlertingError):
    """A server does not start; the text has the end of its log."""


class Server(Child):
    """A server on loopback that keeps its data in ``<data_dir>/<name>``, and logs to ``<data_dir>/logs/<name>.log``."""

    stop_signal: ClassVar[signal.Signals] = signal.SIGTERM
    user: str = ""

    def __init__(self, data_dir: Path, *, port: int | None = None) -> None:
        """Take a place to run in; without `port`, the one of the last time, or a free one."""
        super().__init__(data_dir.absolute() / "logs" / f"{self.name}.log")
        self.dir = data_dir.absolute() / self.name
        self._port = port

    @property
    def port(self) -> int:
        """Return where it listens, which is known once it was started, and stays."""
        if self._port is None:
            raise RuntimeError(f"{self.name} was not started, so it has no port")
        return self._port

    @abstractmethod
    def prepare(self) -> None:
        """Make what the server needs before it can run: its storage, its configuration."""

    @abstractmethod
    def command(self) -> Sequence[str]:
        """Return the server's command line."""

    @abstractmethod
    def answers(self) -> bool:
        """Return whether it can be used; an OSError is a no."""

    def cwd(self) -> Path:
        """Return the directory that it runs in."""
        return self.dir

    def start(self, timeout: float = 120) -> None:
        """Start it, and wait until it answers, `timeout` seconds at most once its storage is prepared."""
        if self.alive():
            raise ServerError(f"{self.name} runs already, as process {self.pid}")
        self.dir.mkdir(parents=True, exist_ok=True)
        lock = self._lock()
        try:
            self._port = self._port or kept_port(self.dir / "port")
            # Another server of the kind would answer in its place, for a while.
            if not is_free(self._port):
                raise ServerError(f"{self.name} cannot listen on port {self._port}: it is taken")
            self.prepare()
            self._process = self._run(self.command(), cwd=self.cwd(), keep_open=(lock,))
        finally:
            # The server has a copy: the directory is locked until its last process is gone, whatever becomes of us.
            os.close(lock)
        try:
            self._await_answer(self._process, timeout)
        except BaseException:
            self.stop()
            raise

    def run_to_end(
        self, command: Sequence[str], *, cwd: Path, timeout: float, stdin: int | IO[bytes] = subprocess.DEVNULL
    ) -> None:
        """Run a command that prepares something, as the server's user, with its log."""
        process = self._run(command, cwd=cwd, stdin=stdin)
        try:
            ended = process.wait(timeout) == 0
        finally:
            process.stop(timeout=1)
        if not ended:
            raise ServerError(
                f"{self.name}: {Path(command[0]).name} failed; the end of {self.log}:\n{process.log_tail()}"
            )

    def _run(
        self,
        command: Sequence[str],
        *,
        cwd: Path,
        stdin: int | IO[bytes] = subprocess.DEVNULL,
        keep_open: Sequence[int] = (),
    ) -> Process:
        return Process(
            command,
            self.log,
            cwd=cwd,
            user=self.user,
            stop_signal=self.stop_signal,
            stdin=stdin,
            keep_open=keep_open,
        )

    def _await_answer(self, process: Process, timeout: float) -> None:
        def answered() -> bool:
            if not process.alive():
                raise ServerError(
                    f"{self.name} ended with {process.exit_code} instead of starting; the end of {self.log}:\n"
                    f"{process.log_tail()}"
                )
            try:
                return self.answers()
            except OSError:
                return False

        if not wait_until(answered, timeout):
            raise ServerError(
                f"{self.name} does not answer after {timeout:g} s; the end of {self.log}:\n{process.log_tail()}"
            )

    def _lock(self) -> int:
        file = os.open(self.dir / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

        def locked() -> bool:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True

        # What is left of a server that was killed needs a moment to go.
        if not wait_until(locked, LOCK_SECONDS):
            os.close(file)
            raise ServerError(f"another {self.name} runs in {self.dir}")
        return file


def wait_until(condition: Callable[[], bool], timeout: float) -> bool:
    """Return whether the condition came true within `timeout` seconds."""
    end = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(POLL_SECONDS)
    return True
