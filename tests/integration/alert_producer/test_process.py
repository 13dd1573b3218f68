"""The command and the service as processes, with a real Kafka."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from alerting.events.v1 import AlertNew, Severity
from alerting.local.ports import free_port
from alerting.runtime.broker.kafka import KafkaConsumer
from alerting.runtime.config import Settings
from fix_http import bearer, make_key
from fix_servers import Platform

BOUND = 60.0


def command(platform: Platform, *arguments: str, **more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "alerting", "alert-producer", *arguments],
        env={**os.environ, **platform.env, **more},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    try:
        output, errors = process.communicate(timeout=BOUND)
    finally:
        process.kill()
    return process.returncode, output, errors


def summary(platform: Platform, *arguments: str) -> Any:
    code, output, errors = ended(command(platform, *arguments, "--json"))
    assert code == 0, errors
    return json.loads(output)


def read(platform: Platform, count: int) -> list[AlertNew]:
    """Return the first `count` alerts on the topic, and check that there are no more."""
    consumer = KafkaConsumer(platform.settings(Settings), "alerts.new", f"reader-{time.monotonic_ns()}")
    alerts: list[AlertNew] = []
    deadline = time.monotonic() + BOUND
    try:
        while len(alerts) < count:
            assert time.monotonic() < deadline, f"only {len(alerts)} came"
            alerts += [AlertNew.FromString(message.value() or b"") for message in consumer.consume(5_000, 0.5)]
        alerts += [AlertNew.FromString(message.value() or b"") for message in consumer.consume(5_000, 0.5)]
    finally:
        consumer.close()
    assert len(alerts) == count
    return alerts


def test_a_burst(platform: Platform) -> None:
    done = summary(platform, "burst", "--count", "3000", "--seed", "7", "--severity", "LOW", "--duplicates", "0.1")
    assert (done["status"], done["acknowledged"], done["seed"]) == ("completed", 3_000, 7)
    alerts = read(platform, 3_000)
    assert {alert.severity for alert in alerts} == {Severity.LOW}
    assert len({alert.alert_id for alert in alerts}) == 3_000 - done["duplicates"] < 3_000


def test_the_same_run_again_sends_the_same_alerts(platform: Platform) -> None:
    options = ("burst", "--count", "50", "--seed", "7", "--id-prefix", "again")
    summary(platform, *options)
    summary(platform, *options)
    by_id: dict[str, list[bytes]] = {}
    for alert in read(platform, 100):
        alert.event_ts = 0
        by_id.setdefault(alert.alert_id, []).append(alert.SerializeToString(deterministic=True))
    assert len(by_id) == 50
    assert all(first == second for first, second in by_id.values())


def test_one_alert(platform: Platform) -> None:
    done = summary(
        platform, "one", "--severity", "HIGH", "--source", "payments", "--name", "PaymentTimeout",
        "--context", "region=eu=1", "--context", "empty=",
    )  # fmt: skip
    (alert,) = read(platform, 1)
    assert (alert.alert_id, alert.severity, alert.source) == (done["alert_id"], Severity.HIGH, "payments")
    assert dict(alert.context) == {"region": "eu=1", "empty": ""}


def test_a_rate_until_it_is_told_to_stop(platform: Platform) -> None:
    process = command(platform, "run", "--rps", "200", "--json")
    consumer = KafkaConsumer(platform.settings(Settings), "alerts.new", "first")
    try:
        wait_until(lambda: bool(consumer.consume(10, 0.2)))
    finally:
        consumer.close()
    process.send_signal(signal.SIGTERM)
    code, output, errors = ended(process)
    assert code == 0, errors
    done = json.loads(output)
    assert done["status"] == "stopped"
    assert len(read(platform, done["acknowledged"])) == done["sent"]


def test_a_catalog_of_ones_own(platform: Platform, tmp_path: Any) -> None:
    file = tmp_path / "catalog.csv"
    file.write_text("source,name,severity\nmine,Broken,HIGH\n")
    summary(platform, "burst", "--count", "5", "--catalog", str(file))
    assert {(alert.source, alert.name) for alert in read(platform, 5)} == {("mine", "Broken")}


def test_without_a_broker_it_fails_and_says_so(platform: Platform) -> None:
    nowhere = {"ALERTING_KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1", "ALERTING_PRODUCE_TIMEOUT": "0.5"}
    code, output, _ = ended(command(platform, "burst", "--count", "5", "--json", **nowhere))
    assert code == 1
    done = json.loads(output)
    assert (done["status"], done["acknowledged"]) == ("failed", 0)
    assert done["error"].startswith("kafka: ")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "--rps", "5", "--duration", "soon"], "--duration"),
        (["run", "--rps", "0"], "--rps"),
        (["burst", "--count", "5", "--severity", "HUGE=1"], "--severity"),
        (["burst", "--count", "5", "--source", "nope"], "--source"),
        (["one", "--severity", "HI", "--source", "a", "--name", "b"], "--severity"),
        (["one", "--severity", "HIGH", "--source", "a", "--name", "b", "--context", "x"], "KEY=VALUE"),
    ],
)
def test_a_wrong_option_is_named(platform: Platform, arguments: Sequence[str], said: str) -> None:
    code, output, errors = ended(command(platform, *arguments, COLUMNS="200"))
    assert code == 2
    assert said in errors
    assert output == ""


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + BOUND
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@contextmanager
def serving(platform: Platform, **more: str) -> Iterator[tuple[subprocess.Popen[str], httpx.Client]]:
    port = free_port()
    process = command(platform, "serve", ALERTING_PORT=str(port), **more)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10) as client:
            client.headers.update(bearer(make_key(platform.dsn, "admin")))

            def ready() -> bool:
                assert process.poll() is None
                try:
                    return client.get("/readyz").status_code == 200
                except httpx.TransportError:
                    return False

            wait_until(ready)
            yield process, client
    finally:
        process.kill()
        process.communicate()


def test_the_service_drains_its_jobs_when_it_is_told_to_stop(platform: Platform) -> None:
    with serving(platform) as (process, client):
        job = client.post("/api/v1/jobs", json={"kind": "continuous", "rps": 500, "duration": 600}).json()
        wait_until(lambda: client.get(f"/api/v1/jobs/{job['id']}").json()["acknowledged"] > 0)
        assert 'alerting_messages_produced_total{topic="alerts.new"}' in client.get("/metrics").text
        known = client.get(f"/api/v1/jobs/{job['id']}").json()["acknowledged"]
        process.send_signal(signal.SIGTERM)
        assert process.wait(BOUND) == 0
    consumer = KafkaConsumer(platform.settings(Settings), "alerts.new", "reader")
    found = 0
    try:
        deadline = time.monotonic() + BOUND
        while found < known:
            assert time.monotonic() < deadline
            found += len(consumer.consume(5_000, 0.5))
    finally:
        consumer.close()


def test_a_job_whose_process_was_killed_is_listed_as_failed(platform: Platform) -> None:
    with serving(platform, ALERTING_INSTANCE="producer-1") as (process, client):
        one = {"kind": "one", "severity": "HIGH", "source": "payments", "name": "PaymentTimeout"}
        done = client.post("/api/v1/jobs", json=one).json()["id"]
        wait_until(lambda: client.get(f"/api/v1/jobs/{done}").json()["status"] == "completed")
        job = client.post("/api/v1/jobs", json={"kind": "continuous", "rps": 50, "duration": 600}).json()["id"]
        process.kill()
        process.wait(BOUND)
    with serving(platform, ALERTING_INSTANCE="producer-1") as (_, client):
        found = {each["id"]: each for each in client.get("/api/v1/jobs").json()["items"]}
        assert {each["status"] for each in found.values()} == {"completed", "failed"}
        assert "producer-1" in found[job]["error"]
        assert client.post(f"/api/v1/jobs/{job}/stop").json()["status"] == "failed"
