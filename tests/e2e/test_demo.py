"""The commands of the README, as a user types them."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

import httpx
import psycopg
import pytest

from fix_process import eventually
from fix_servers import Platform

ALERTING = [sys.executable, "-m", "alerting"]


@pytest.mark.parametrize("broker", ["kafka", "embedded"])
def test_the_story_is_told_on_both_brokers(broker: str) -> None:
    done = subprocess.run(
        [*ALERTING, "demo", "--json", "--broker", broker], capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    outcome = json.loads(done.stdout)
    assert outcome["alerts_accepted"] == 2_000
    assert outcome["alerts_sent_twice"] == 100
    assert outcome["lost"] == outcome["duplicates"] == outcome["unexpected"] == 0
    assert set(outcome["deliveries"]) == {"webhook", "slack", "email"}
    assert min(outcome["deliveries"].values()) > 100
    assert 0 < outcome["alerts_matched"] < 2_000
    assert outcome["latency_ms"]["all"]["p50"] <= outcome["latency_ms"]["all"]["p99"]


def test_servers_with_an_address_are_used(platform: Platform) -> None:
    done = subprocess.run(
        [*ALERTING, "demo", "--json", "--alerts", "200"],
        env={**os.environ, **platform.env},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    with psycopg.connect(platform.dsn) as connection:
        (count,) = connection.execute("SELECT count(*) FROM notifications").fetchall()[0]
    assert count == json.loads(done.stdout)["notifications"] > 0


def _up(data_dir: Path, *options: str) -> tuple[subprocess.Popen[str], list[str]]:
    """Start `alerting up`, wait until it says that all runs, and return what it said."""
    process = subprocess.Popen(
        [*ALERTING, "up", "--data-dir", str(data_dir), *options], stderr=subprocess.PIPE, text=True, env=os.environ
    )
    assert process.stderr is not None
    # A start that hangs ends here, and the loop below with it.
    guard = threading.Timer(120, process.kill)
    guard.start()
    lines = []
    for line in process.stderr:
        lines.append(line.rstrip())
        if line.startswith("Ctrl-C stops everything"):
            break
    guard.cancel()
    return process, lines


def _stop(process: subprocess.Popen[str]) -> str:
    process.send_signal(signal.SIGINT)
    _, rest = process.communicate(timeout=120)
    assert process.returncode == 0, rest
    return rest


def _find(lines: list[str], pattern: str) -> str:
    found = re.search(pattern, "\n".join(lines))
    assert found is not None, lines
    return found[1]


def _partitions(client: httpx.Client, api: str) -> set[int]:
    answer = client.get(f"{api}/api/v1/metrics/topics")
    return {topic["partitions"] for topic in answer.json()["items"]} if answer.is_success else set()


def test_up_keeps_its_data_and_stops_on_ctrl_c(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALERTING_TOPIC_PARTITIONS", "4")
    process, lines = _up(tmp_path, "--broker", "kafka")
    try:
        key = _find(lines, r"Admin key\s+(\S+)")
        api = _find(lines, r"API\s+(http\S+)/docs")
        client = httpx.Client(headers={"authorization": f"Bearer {key}"}, timeout=30)
        assert client.post(f"{api}/api/v1/clients", json={"id": "kept", "name": "Kept"}).status_code == 201
        ui = _find(lines, r"UI\s+(\S.*)")
        assert ui in {f"{api}/", "not built: `make ui` in a checkout builds it"}
        assert client.get(f"{api}/").status_code == 200
        eventually(lambda: _partitions(client, api) == {4}, "the topics, made as the settings say")
    finally:
        _stop(process)
    assert (tmp_path / "admin-key").stat().st_mode & 0o777 == 0o600
    process, lines = _up(tmp_path, "--broker", "kafka")
    try:
        assert _find(lines, r"Admin key\s+(\S+)") == key
        api = _find(lines, r"API\s+(http\S+)/docs")
        assert client.get(f"{api}/api/v1/clients/kept").json()["name"] == "Kept"
    finally:
        _stop(process)
        client.close()
    for log in ("postgres", "valkey", "kafka", "ingest", "sender"):
        assert (tmp_path / "logs" / f"{log}.log").stat().st_size > 0
    assert key not in "".join(path.read_text(errors="replace") for path in (tmp_path / "logs").iterdir())
