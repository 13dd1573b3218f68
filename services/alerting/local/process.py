"""One child process: started with a log file, tied to its parent, and stopped by its id."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

TETHER = Path(__file__).with_name("tether.py")
TAIL_BYTES = 8_192
TAIL_LINES = 20

# The kernel takes "the parent died" to mean the thread that forked. This one lives as long as the interpreter does.
_forks = ThreadPoolExecutor(max_workers=1, thread_name_prefix="forks")


class Process:
    """A command that runs until it is told to stop, or until the process that started it is gone."""

    def __init__(
        self,
        command: Sequence[str],
        log: Path,
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        user: str = "",
        stop_signal: signal.Signals = signal.SIGTERM,
        stdin: int | IO[bytes] = subprocess.DEVNULL,
        keep_open: Sequence[int] = (),
    ) -> None:
        """Start it; its environment is this process's with `env` on top, and the child inherits `keep_open`."""
        self.log = log
        self._stop_signal = stop_signal
        log.parent.mkdir(parents=True, exist_ok=True)
        # Looked for here: as another user the tether may not be able to, nor to load what Python needs for it.
        program = shutil.which(command[0]) or command[0]
        tether = [sys.executable, "-I", "-S", str(TETHER), str(os.getpid()), str(int(stop_signal)), user]
        with log.open("ab") as output:
            self._log_start = output.tell()
            self._popen = _forks.submit(
                subprocess.Popen[bytes],
                [*tether, program, *command[1:]],
                stdin=stdin,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(env or {})},
                cwd=cwd,
                # Ctrl-C goes to a terminal's whole session, and the children are to be stopped one after another.
                start_new_session=True,
                pass_fds=keep_open,
            ).result()

    @property
    def pid(self) -> int:
        """Return the id, which stays the same when the tether becomes the command."""
        return self._popen.pid

    @property
    def exit_code(self) -> int | None:
        """Return how it ended, as `subprocess` says it, or None while it runs."""
        return self._popen.poll()

    def alive(self) -> bool:
        """Return whether it runs."""
        return self.exit_code is None

    def wait(self, timeout: float | None = None) -> int | None:
        """Wait until it ends; return None when it still runs after `timeout` seconds."""
        try:
            return self._popen.wait(timeout)
        except subprocess.TimeoutExpired:
            return None

    def terminate(self) -> None:
        """Ask it to stop."""
        self._popen.send_signal(self._stop_signal)

    def kill(self) -> None:
        """Stop it without asking."""
        self._popen.kill()

    def stop(self, timeout: float) -> None:
        """Ask it to stop, and kill it when it has not after `timeout` seconds."""
        self.terminate()
        if self.wait(timeout) is None:
            self.kill()
            self.wait()

    def log_tail(self) -> str:
        """Return the last lines that it wrote."""
        with self.log.open("rb") as log:
            end = log.seek(0, os.SEEK_END)
            log.seek(max(self._log_start, end - TAIL_BYTES))
            lines = log.read().decode(errors="replace").splitlines()
        return "\n".join(lines[-TAIL_LINES:])
