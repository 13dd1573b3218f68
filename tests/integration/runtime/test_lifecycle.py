"""Services as processes: from start to SIGTERM, with the servers there and away."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from redis import Redis

from alerting.local.ports import free_port
from alerting.runtime.broker.kafka import KafkaProducer
from alerting.runtime.config import Settings
from fix_servers import Platform

BOUND = 60.0

# A service that writes down what it is given, and does with a message what its value says.
WORKER = """
import pathlib, sys, time
from alerting.runtime.checks import broker_check
from alerting.runtime.config import Settings, load
from alerting.runtime.errors import Unavailable
from alerting.runtime.worker import run_worker

seen = pathlib.Path(sys.argv[1])
refused = set()

class Handler:
    def handle(self, messages):
        for message in messages:
            with seen.open("ab") as file:
                file.write(message.value() + b"\\n")
            if message.value() == b"slow":
                time.sleep(1.5)
            if message.value() == b"poison":
                raise ValueError("poison")
            if message.value() == b"retry" and message.offset() not in refused:
                refused.add(message.offset())
                raise Unavailable("postgres", "away")
        with seen.open("ab") as file:
            file.write(b"done\\n")

settings = load(Settings)
run_worker(settings, "tester", "alerts.new", lambda worker, stop: worker.run(
    Handler(), {"kafka": broker_check(settings, "alerts.new")}, stop))
"""


class Running:
    def __init__(self, process: "subprocess.Popen[str]", port: int, seen: Path, log: Path) -> None:
        self.process = process
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10)
        self._seen = seen
        self._log = log

    def seen(self) -> list[str]:
        return self._seen.read_text().splitlines() if self._seen.exists() else []

    def log(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._log.read_text().splitlines()]

    def status(self, path: str) -> int | None:
        assert self.process.poll() is None, self._log.read_text()
        try:
            return self.http.get(path).status_code
        except httpx.TransportError:
            return None

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(BOUND)


@contextmanager
def worker(platform: Platform, tmp_path: Path, **more: str) -> Iterator[Running]:
    program = tmp_path / "worker.py"
    program.write_text(textwrap.dedent(WORKER))
    port = free_port()
    environment = {
        **os.environ, **platform.env, "ALERTING_LOG_FORMAT": "json", "ALERTING_PORT": str(port),
        "ALERTING_INSTANCE": "i-1", **more,
    }  # fmt: skip
    with (tmp_path / "log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, str(program), str(tmp_path / "seen")], env=environment, stdout=log, stderr=log, text=True
        )
    running = Running(process, port, tmp_path / "seen", tmp_path / "log")
    try:
        yield running
    finally:
        running.http.close()
        process.kill()
        process.wait()


def wait_until(condition: Callable[[], object], what: Callable[[], object] = lambda: "") -> None:
    deadline = time.monotonic() + BOUND
    while not condition():
        assert time.monotonic() < deadline, what()
        time.sleep(0.05)


def send(platform: Platform, *values: bytes) -> None:
    producer = KafkaProducer(platform.settings(Settings))
    for value in values:
        producer.send("alerts.new", b"key", value)
    producer.flush()


def test_a_worker_is_told_to_stop(platform: Platform, tmp_path: Path) -> None:
    send(platform, b"a", b"b")
    with worker(platform, tmp_path) as running:
        wait_until(lambda: "b" in running.seen())
        wait_until(lambda: running.status("/readyz") == 200)
        assert running.status("/healthz") == 200
        assert 'alerting_messages_consumed_total{topic="alerts.new"} 2.0' in running.http.get("/metrics").text
        with Redis.from_url(platform.env["ALERTING_REDIS_URL"]) as redis:
            wait_until(lambda: redis.exists("heartbeat:tester:i-1"))
            assert running.stop() == 0
            assert not redis.exists("heartbeat:tester:i-1")
        assert [line["event"] for line in running.log()][-1] == "stopped"
    send(platform, b"c")
    with worker(platform, tmp_path) as again:
        wait_until(lambda: "c" in again.seen())
        assert again.seen().count("a") == again.seen().count("b") == 1
        assert again.stop() == 0


def test_the_batch_in_hand_is_finished_and_committed(platform: Platform, tmp_path: Path) -> None:
    send(platform, b"slow")
    with worker(platform, tmp_path) as running:
        wait_until(lambda: "slow" in running.seen())
        assert running.stop() == 0
        assert running.seen() == ["slow", "done"]
    send(platform, b"next")
    with worker(platform, tmp_path) as again:
        wait_until(lambda: "next" in again.seen())
        assert again.seen().count("slow") == 1


def test_a_killed_worker_gets_its_batch_again(platform: Platform, tmp_path: Path) -> None:
    send(platform, b"slow")
    with worker(platform, tmp_path) as running:
        wait_until(lambda: "slow" in running.seen())
        running.process.send_signal(signal.SIGKILL)
        assert running.process.wait(BOUND) == -signal.SIGKILL
    with worker(platform, tmp_path) as again:
        wait_until(lambda: again.seen().count("slow") == 2)


def test_what_could_not_be_handled_comes_again_in_the_same_process(platform: Platform, tmp_path: Path) -> None:
    send(platform, b"retry", b"after")
    with worker(platform, tmp_path) as running:
        wait_until(lambda: "done" in running.seen())
        assert [value for value in running.seen() if value != "done"][:3] == ["retry", "retry", "after"]
        assert [line["dependency"] for line in running.log() if line["event"] == "waiting"] == ["postgres"]


def test_an_unexpected_error_ends_the_process_with_a_reason(platform: Platform, tmp_path: Path) -> None:
    send(platform, b"poison")
    with worker(platform, tmp_path) as running:
        assert running.process.wait(BOUND) == 1
        (crash,) = [line for line in running.log() if line["event"] == "crashed"]
        assert crash["level"] == "critical"
        assert "ValueError: poison" in crash["exception"]


def test_without_a_broker_it_waits_and_says_for_what(platform: Platform, tmp_path: Path) -> None:
    with worker(platform, tmp_path, ALERTING_KAFKA_BOOTSTRAP_SERVERS="127.0.0.1:1") as running:
        wait_until(lambda: running.status("/healthz") == 200)
        assert running.status("/readyz") == 503
        wait_until(lambda: [line for line in running.log() if line["event"] == "waiting"])
        (first, *_) = [line for line in running.log() if line["event"] == "waiting"]
        assert first["dependency"] == "kafka"
        assert "127.0.0.1:1" in first["error"]
        assert running.stop() == 0


def test_without_redis_it_works_and_cannot_be_seen(platform: Platform, tmp_path: Path) -> None:
    send(platform, b"a")
    with worker(platform, tmp_path, ALERTING_REDIS_URL="redis://127.0.0.1:1/0") as running:
        wait_until(lambda: "a" in running.seen())
        wait_until(lambda: [line for line in running.log() if line["event"] == "no heartbeat"])
        assert running.stop() == 0


def test_a_taken_port_ends_it_with_the_settings_names(platform: Platform, tmp_path: Path) -> None:
    with worker(platform, tmp_path) as first:
        wait_until(lambda: first.status("/healthz") == 200)
        taken = str(first.http.base_url.port)
        (tmp_path / "second").mkdir()
        with worker(platform, tmp_path / "second", ALERTING_PORT=taken) as second:
            assert second.process.wait(BOUND) == 1
            assert "ALERTING_HOST, ALERTING_PORT" in (tmp_path / "second" / "log").read_text()


@pytest.mark.parametrize("service", ["metrics", "alert_producer"])
def test_a_web_service_is_told_to_stop(platform: Platform, tmp_path: Path, service: str) -> None:
    port = free_port()
    log = tmp_path / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", f"alerting.{service}"],
            env={**os.environ, **platform.env, "ALERTING_PORT": str(port), "ALERTING_LOG_FORMAT": "json"},
            stdout=output,
            stderr=output,
            text=True,
        )
    running = Running(process, port, tmp_path / "seen", log)
    try:
        wait_until(lambda: running.status("/readyz") == 200, log.read_text)
        assert running.stop() == 0
        assert running.log()[-1]["event"] == "stopped"
    finally:
        running.http.close()
        process.kill()
        process.wait()
