"""The supervisor: what ends is restarted, what ends too often is left, and all is stopped in order."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from alerting.local.child import Service
from alerting.local.server import ServerError, wait_until
from alerting.local.supervisor import RestartPolicy, State, Status, Supervisor
from alerting.local.valkey import ValkeyServer
from integration.local.processes import gone

QUICK = RestartPolicy(crashes=3, first_delay=0.05)
SECONDS = 10.0
# Ready once it can be stopped in order.
DRAINING = """
import pathlib, signal, sys, time
def drain(number, frame):
    with open(sys.argv[1], "a") as order:
        order.write(sys.argv[2])
    sys.exit(0)
signal.signal(signal.SIGTERM, drain)
print("ready", flush=True)
time.sleep(60)
"""


class Reports:
    """What the supervisor said, and the supervisor."""

    def __init__(self) -> None:
        self.states: list[State] = []
        self.supervisor = Supervisor(self.states.append, policy=QUICK)

    def await_status(self, status: Status) -> State:
        assert wait_until(lambda: bool(self.states) and self.states[-1].status is status, SECONDS)
        return self.states[-1]


@pytest.fixture
def reports() -> Iterator[Reports]:
    reports = Reports()
    yield reports
    reports.supervisor.stop()


def start(reports: Reports, service: Service) -> Service:
    reports.supervisor.start(service)
    assert wait_until(lambda: "ready" in service.log_tail(), SECONDS)
    return service


def draining(directory: Path, name: str) -> Service:
    command = [sys.executable, "-c", DRAINING, str(directory / "order"), name]
    return Service(name, command, directory / "logs" / f"{name}.log")


def test_restarts_what_was_killed(reports: Reports, tmp_path: Path) -> None:
    service = start(reports, draining(tmp_path, "a"))
    pid = service.pid
    os.kill(pid, signal.SIGKILL)
    assert wait_until(lambda: len(reports.states) == 2, SECONDS)
    restarting, running = reports.states
    assert (restarting.status, running.status) == (Status.RESTARTING, Status.RUNNING)
    assert restarting.detail.startswith("ended with -9; the end of")
    assert running.pid != pid
    assert running.restarts == 1
    assert reports.supervisor.states() == [running]


def test_gives_up_on_what_ends_again_and_again(reports: Reports, tmp_path: Path) -> None:
    reports.supervisor.start(Service("b", ["sh", "-c", "echo no settings; exit 2"], tmp_path / "b.log"))
    state = reports.await_status(Status.GAVE_UP)
    assert state.restarts == 2
    assert state.detail == f"ended with 2; the end of {tmp_path / 'b.log'}:\nno settings"


def test_stops_stage_after_stage_and_then_the_last_started_first(reports: Reports, tmp_path: Path) -> None:
    services = [start(reports, draining(tmp_path, name)) for name in "abcd"]
    reports.supervisor.stop([["c"], ["a", "of another run"]])
    assert (tmp_path / "order").read_text() == "cadb"
    assert all(gone(service.pid) for service in services)
    assert {state.status for state in reports.supervisor.states()} == {Status.STOPPED}


def test_stops_stages_and_leaves_the_others(reports: Reports, tmp_path: Path) -> None:
    first, second = [start(reports, draining(tmp_path, name)) for name in "ab"]
    reports.supervisor.stop_stages([["a"]])
    assert gone(first.pid)
    assert second.alive()


def test_stops_what_waits_for_its_restart(tmp_path: Path) -> None:
    states: list[State] = []
    supervisor = Supervisor(states.append, policy=RestartPolicy(first_delay=60))
    supervisor.start(Service("b", ["false"], tmp_path / "b.log"))
    assert wait_until(lambda: bool(states), SECONDS)
    supervisor.stop()
    assert [state.status for state in states] == [Status.RESTARTING, Status.STOPPED]


def test_kills_what_does_not_stop_in_time(reports: Reports, tmp_path: Path) -> None:
    deaf = Service("deaf", ["sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.1; done"], tmp_path / "log")
    start(reports, deaf)
    reports.supervisor.stop(timeout=0.2)
    assert deaf.wait() == -signal.SIGKILL


def test_passes_on_that_the_first_start_failed(reports: Reports, tmp_path: Path) -> None:
    with ValkeyServer(tmp_path) as running, pytest.raises(ServerError, match="it is taken"):
        reports.supervisor.start(ValkeyServer(tmp_path / "other", port=running.port))
    assert reports.supervisor.states() == []


def test_restarts_a_server_where_it_was(reports: Reports, tmp_path: Path) -> None:
    server = ValkeyServer(tmp_path)
    reports.supervisor.start(server)
    url = server.url
    os.kill(server.pid, signal.SIGKILL)
    reports.await_status(Status.RUNNING)
    assert server.url == url
    assert server.answers()


def test_counts_a_restart_that_fails_as_a_crash(reports: Reports, tmp_path: Path) -> None:
    server = ValkeyServer(tmp_path)
    reports.supervisor.start(server)
    for file in (tmp_path / "valkey" / "appendonlydir").glob("*.manifest"):
        file.write_text("not a manifest")
    os.kill(server.pid, signal.SIGKILL)
    assert "valkey ended with 1 instead of starting" in reports.await_status(Status.GAVE_UP).detail
