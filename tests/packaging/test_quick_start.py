"""docs/quick-start.md, block by block, as a newcomer types it: in an empty directory, with the wheels."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from alerting.local.ports import free_port
from fix_guide import blocks, guide, shell
from fix_process import eventually
from fix_wheel import CHECKOUT

PAGE = guide("docs/quick-start.md")
INSTALL, UP, RECEIVE, RULE, MATCH, ALERT, NOTIFICATIONS = blocks(PAGE, "sh")
(RECEIVER,) = blocks(PAGE, "python")
READY = "Ctrl-C stops everything"
USUAL = {"8080": "Ingest", "8081": "API"}


class Terminal:
    """A command that goes on, and what it has said so far."""

    def __init__(self, script: str, cwd: Path, env: Mapping[str, str]) -> None:
        self.said = ""
        self._process = subprocess.Popen(
            ["bash", "-euo", "pipefail", "-c", f"{script.rstrip()}\n:"],
            cwd=cwd,
            env={**os.environ, **env},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._listener = threading.Thread(target=self._listen)
        self._listener.start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.said += line

    def says(self, words: str) -> bool:
        """Tell whether it has said this; fail when it ended before."""
        assert words in self.said or self._process.poll() is None, self.said
        return words in self.said

    def close(self) -> None:
        """Type Ctrl-C."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGINT)
        self._process.wait(60)
        self._listener.join()
        if self._process.stdout is not None:
            self._process.stdout.close()


@contextmanager
def terminal(script: str, cwd: Path, env: Mapping[str, str]) -> Iterator[Terminal]:
    opened = Terminal(script, cwd, env)
    try:
        yield opened
    finally:
        opened.close()


@pytest.fixture(scope="module")
def wheels(wheel: Path, platform_wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a directory with both wheels, as `make wheels` leaves one."""
    folder = tmp_path_factory.mktemp("dist")
    for built in (wheel, platform_wheel):
        shutil.copy(built, folder)
    return folder


def printed_ports(said: str) -> dict[str, str]:
    """Return where the services listen, by where they do when nobody else does."""
    found = {usual: re.search(rf"^{name}\s+http://[\d.]+:(\d+)", said, re.MULTILINE) for usual, name in USUAL.items()}
    return {usual: match[1] for usual, match in found.items() if match}


@pytest.fixture
def folder() -> Iterator[Path]:
    """Return an empty directory that everybody may enter, as root's PostgreSQL has to, which is nobody's process."""
    with tempfile.TemporaryDirectory(prefix="quick-start-") as made:
        Path(made).chmod(0o755)
        yield Path(made)


def test_five_minutes(wheels: Path, folder: Path) -> None:
    # Compiling what is installed takes longer than installing it, and changes nothing for who types along.
    env = {
        "DIST": str(wheels),
        "PIP_CONSTRAINT": str(CHECKOUT / "constraints.txt"),
        "PIP_NO_COMPILE": "1",
    }
    shell(INSTALL, folder, env, seconds=300)
    (folder / "receiver.py").write_text(RECEIVER.replace("9000", hook := str(free_port())))
    activated = {"PATH": f"{folder}/venv/bin:{os.environ['PATH']}", "PYTHONUNBUFFERED": "1"}
    with terminal(UP, folder, activated) as platform, terminal(RECEIVE, folder, {}) as receiver:
        eventually(lambda: platform.says(READY), "the platform runs", seconds=120)
        ports = printed_ports(platform.said)
        assert ports.keys() == USUAL.keys()

        def typed(block: str) -> str:
            """Type into the third terminal, where what was set before is still set."""
            script = block if block == RULE else "\n".join([RULE.partition("\n\n")[0], block])
            for usual, port in {**ports, "9000": hook}.items():
                script = re.sub(rf"\b(localhost|127\.0\.0\.1):{usual}\b", rf"\g<1>:{port}", script)
            return shell(script, folder, {"ALERTING_URL": f"http://127.0.0.1:{ports['8081']}"})

        def told() -> bool:
            # Who reads on takes longer than a rule needs to be live; this does not, and sends once more.
            assert "alert_ids" in typed(ALERT)
            return receiver.says("PaymentTimeout")

        typed(RULE)
        assert "acme" in typed(MATCH)
        eventually(told, "the receiver is told")
        eventually(lambda: '"SENT"' in typed(NOTIFICATIONS), "the notification is on record")
    assert "draining" in platform.said
