"""Child processes: none outlives the process that started it, and Ctrl-C is not theirs."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from alerting.local.process import Process
from alerting.local.server import wait_until
from integration.local.processes import gone

SLEEP = ["sleep", "60"]
STARTER = """
import sys, time
from pathlib import Path
from alerting.local.process import Process
print(Process(["sleep", "60"], Path(sys.argv[1])).pid, flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent died")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_ends_with_the_process_that_started_it(tmp_path: Path, number: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", STARTER, str(tmp_path / "log")], stdout=subprocess.PIPE, text=True
    ) as starter:
        assert starter.stdout is not None
        pid = int(starter.stdout.readline())
        assert wait_until(lambda: b"sleep" in Path(f"/proc/{pid}/comm").read_bytes(), 10)
        starter.send_signal(number)
    assert wait_until(lambda: gone(pid), 10)


def test_outlives_the_thread_that_started_it(tmp_path: Path) -> None:
    started: list[Process] = []
    thread = threading.Thread(target=lambda: started.append(Process(SLEEP, tmp_path / "log")))
    thread.start()
    thread.join()
    assert started[0].wait(0.3) is None
    started[0].stop(10)


def test_has_a_session_of_its_own(tmp_path: Path) -> None:
    process = Process(SLEEP, tmp_path / "log")
    assert os.getsid(process.pid) == process.pid
    process.stop(10)


def test_stops_with_its_signal(tmp_path: Path) -> None:
    process = Process(SLEEP, tmp_path / "log", stop_signal=signal.SIGQUIT)
    process.stop(10)
    assert process.exit_code == -signal.SIGQUIT


def test_does_not_ignore_what_python_ignores(tmp_path: Path) -> None:
    process = Process(["sh", "-c", "kill -PIPE $$; sleep 60"], tmp_path / "log")
    assert process.wait(10) == -signal.SIGPIPE


def test_adds_to_the_environment_and_to_the_log(tmp_path: Path) -> None:
    for word in ("one", "two"):
        process = Process(["sh", "-c", "echo $WORD; echo to stderr >&2"], tmp_path / "log", env={"WORD": word})
        assert process.wait(10) == 0
        assert process.log_tail() == f"{word}\nto stderr"
    assert (tmp_path / "log").read_text() == "one\nto stderr\ntwo\nto stderr\n"
