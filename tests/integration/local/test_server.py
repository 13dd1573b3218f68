"""A server's start: it waits for the answer, and tells what went wrong instead."""

import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from alerting.local.ports import free_port, is_free, kept_port
from alerting.local.server import Server, ServerError
from integration.local.processes import accepts, gone

LISTEN = "import socket, time; s = socket.create_server(('127.0.0.1', {port})); print('listening', flush=True); {then}"


class Script(Server):
    """A server in one line of Python."""

    name = "script"

    def __init__(self, data_dir: Path, script: str = LISTEN, then: str = "time.sleep(60)", port: int | None = None):
        super().__init__(data_dir, port=port)
        self._script = script
        self._then = then

    def prepare(self) -> None:
        pass

    def command(self) -> Sequence[str]:
        return [sys.executable, "-c", self._script.format(port=self.port, then=self._then)]

    def answers(self) -> bool:
        return accepts("127.0.0.1", self.port)


def test_answers_once_started_and_is_gone_once_stopped(tmp_path: Path) -> None:
    server = Script(tmp_path)
    with server:
        assert server.alive()
        assert accepts("127.0.0.1", server.port)
        assert not is_free(server.port)
    assert not server.alive()
    assert gone(server.pid)
    assert (tmp_path / "logs" / "script.log").read_text() == "listening\n"


def test_starts_again_on_the_same_port(tmp_path: Path) -> None:
    server = Script(tmp_path)
    with server:
        port = server.port
    with server:
        assert server.port == port
    with Script(tmp_path) as another:
        assert another.port == port


def test_shows_the_end_of_the_log_when_it_ends(tmp_path: Path) -> None:
    script = "print(*range(100), sep='\\n'); raise SystemExit('no space left')"
    with pytest.raises(ServerError, match=r"(?s)script ended with 1 instead of starting.*script\.log:\n81\n.*no space"):
        Script(tmp_path, script).start()


def test_shows_only_what_this_start_logged(tmp_path: Path) -> None:
    for word in ("first", "second"):
        with pytest.raises(ServerError, match=f"script.log:\n{word}$"):
            Script(tmp_path, f"raise SystemExit('{word}')").start()


def test_gives_up_when_nobody_answers(tmp_path: Path) -> None:
    server = Script(tmp_path, "import time; print('thinking', flush=True); time.sleep(60)")
    with pytest.raises(ServerError, match=r"does not answer after 3 s; the end of .*script\.log:\nthinking"):
        server.start(timeout=3)
    assert gone(server.pid)


def test_says_that_the_program_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = Script(tmp_path)
    monkeypatch.setattr(server, "command", lambda: ["/nowhere/server"])
    with pytest.raises(ServerError, match="/nowhere/server: No such file or directory"):
        server.start()


def test_does_not_start_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alerting.local.server.LOCK_SECONDS", 0.1)
    with Script(tmp_path) as server:
        with pytest.raises(ServerError, match=f"script runs already, as process {server.pid}"):
            server.start()
        with pytest.raises(ServerError, match="another script runs in"):
            Script(tmp_path).start()


def test_waits_for_what_is_left_of_a_killed_server(tmp_path: Path) -> None:
    left = "import os; os.fork() or (s.close(), time.sleep(0.5), os._exit(0)); time.sleep(60)"
    with Script(tmp_path, then=left) as server:
        time.sleep(0.1)  # to fork
        os.kill(server.pid, signal.SIGKILL)
        server.wait(10)
        server.start()
        assert server.alive()


def test_kills_a_server_that_does_not_stop(tmp_path: Path) -> None:
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    server = Script(tmp_path, then=deaf)
    server.start()
    while "deaf" not in server.log_tail():
        time.sleep(0.01)
    server.stop(timeout=0.1)
    assert server.wait() == -signal.SIGKILL


def test_takes_another_port_when_the_kept_one_is_taken(tmp_path: Path) -> None:
    with Script(tmp_path) as server:
        file = tmp_path / "port"
        file.write_text(str(server.port))
        port = kept_port(file)
    assert port != server.port
    assert kept_port(file) == port


def test_free_ports_are_free() -> None:
    assert is_free(free_port())
