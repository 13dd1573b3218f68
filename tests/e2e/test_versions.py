"""The version before and this one in the same groups, on a database of this version: as in a rolling deployment."""

import os
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path

import httpx
import psycopg
import pytest

from alerting.events.v1 import AlertNew, Severity
from alerting.local.sinks import Sinks
from alerting.rule_service.store import keys
from alerting.runtime.auth import new_key
from alerting.runtime.broker import HEADERS
from alerting.runtime.broker.kafka import KafkaProducer
from alerting.runtime.config import Settings
from alerting.runtime.database import async_connect
from alerting.runtime.topics import ALERTS_NEW
from fix_process import ServiceProcess, eventually, running
from fix_servers import Platform

BEFORE = "bc6ec7833d105979ab27ba5dbb1e6433e911cef6"
ROOT = Path(__file__).parents[2]
GROUPS = ("evaluator", "aggregator", "sender")
CLIENTS = 30
ALERTS = 100


@pytest.fixture
def before(tmp_path: Path) -> Path:
    """The services of the version before."""
    archive = subprocess.run(
        ["git", "archive", BEFORE, "services", "migrations"], cwd=ROOT, capture_output=True, check=False
    )
    if archive.returncode:
        message = f"there is no history here to take the version before from: {archive.stderr.decode().strip()}"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    with tarfile.open(fileobj=BytesIO(archive.stdout)) as files:
        files.extractall(tmp_path, filter="data")
    return tmp_path / "services"


@pytest.fixture
def services(platform: Platform, before: Path) -> Iterator[dict[str, ServiceProcess]]:
    """One of each version of each service in a group, by its name and its version."""
    env = {**platform.env, "ALERTING_ALLOWED_NETWORKS": '["127.0.0.0/8"]', "ALERTING_LOG_LEVEL": "warning"}
    with ExitStack() as stack:
        made = {"rule-service": stack.enter_context(running("rule-service", env))}
        for service in ("rule-updater", *GROUPS):
            made[f"{service} before"] = stack.enter_context(running(service, env, PYTHONPATH=str(before)))
            made[f"{service} now"] = stack.enter_context(running(service, env))
        for process in made.values():
            process.await_ready()
        yield made


async def admin_key(platform: Platform) -> str:
    key = new_key()
    async with await async_connect(platform.settings(Settings)) as connection:
        await keys.create(connection, key, name="test", scope="admin", expires_at=None, actor="test")
    return key.key


def create_rules(url: str, key: str, sinks: Sinks) -> None:
    with httpx.Client(base_url=f"{url}/api/v1", headers={"authorization": f"Bearer {key}"}, timeout=30) as client:
        for number in range(CLIENTS):
            client.post("/clients", json={"id": f"c{number}", "name": "client"}).raise_for_status()
            hook = {"type": "webhook", "value": sinks.webhook_url(f"c{number}")}
            rule = {"severity": "*", "source": "api", "name": "*", "endpoints": [hook]}
            client.post(f"/clients/c{number}/rules", json=rule).raise_for_status()


async def test_two_versions_share_the_work(
    platform: Platform, services: dict[str, ServiceProcess], sinks: Sinks
) -> None:
    create_rules(f"http://127.0.0.1:{services['rule-service'].port}", await admin_key(platform), sinks)
    evaluators = [services["evaluator before"], services["evaluator now"]]
    eventually(lambda: all(each.figure("alerting_rules") == CLIENTS for each in evaluators), "every rule everywhere")
    producer = KafkaProducer(platform.settings(Settings))
    for number in range(ALERTS):
        alert = AlertNew(alert_id=f"a{number}", schema_version=1, severity=Severity.HIGH, source="api", name="x")
        producer.send(ALERTS_NEW, alert.alert_id.encode(), alert.SerializeToString(), HEADERS)
    producer.flush()
    wanted = ALERTS * CLIENTS

    def statuses() -> dict[str, int]:
        with psycopg.connect(platform.dsn) as connection:
            return dict(connection.execute("SELECT status, count(*) FROM notifications GROUP BY status").fetchall())

    eventually(lambda: statuses() == {"SENT": wanted}, f"{wanted} notifications sent", 60)
    arrived = [arrival.headers["idempotency-key"] for arrival in sinks.arrivals if arrival.to.startswith("/webhook/c")]
    assert len(arrived) == len(set(arrived)) == wanted
    handled = {
        name: services[name].figure("alerting_messages_consumed_total") for name in services if name != "rule-service"
    }
    assert all(handled[f"{service} {version}"] > 0 for service in GROUPS for version in ("before", "now")), handled
    # What only this version measures shows that the other one is another.
    answers = [services[f"sender {version}"].get("/metrics") for version in ("before", "now")]
    assert [each is not None and "alerting_open_breakers" in each.text for each in answers] == [False, True]
