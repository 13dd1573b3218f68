"""The version before and this one in the same groups, on a database of this version: as in a rolling deployment."""

import os
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path

import pytest

from alerting.local.sinks import Sinks
from fix_pipeline import Pipeline
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
def pipeline(platform: Platform, sinks: Sinks) -> Pipeline:
    return Pipeline(platform, sinks, tuple(f"versions-{number}" for number in range(CLIENTS)))


@pytest.fixture
def services(pipeline: Pipeline, before: Path) -> Iterator[dict[str, ServiceProcess]]:
    """One of each version of each service in a group, by its name and its version."""
    with ExitStack() as stack:
        made = {"rule-service": stack.enter_context(running("rule-service", pipeline.env))}
        for service in ("rule-updater", *GROUPS):
            made[f"{service} before"] = stack.enter_context(running(service, pipeline.env, PYTHONPATH=str(before)))
            made[f"{service} now"] = stack.enter_context(running(service, pipeline.env))
        for process in made.values():
            process.await_ready()
        yield made


async def test_two_versions_share_the_work(pipeline: Pipeline, services: dict[str, ServiceProcess]) -> None:
    await pipeline.create_rules(services["rule-service"].port)
    evaluators = [services["evaluator before"], services["evaluator now"]]
    eventually(lambda: all(each.figure("alerting_rules") == CLIENTS for each in evaluators), "every rule everywhere")
    pipeline.send(f"a{number}" for number in range(ALERTS))
    wanted = ALERTS * CLIENTS
    eventually(lambda: pipeline.statuses() == {"SENT": wanted}, f"{wanted} notifications sent", 60)
    arrived = [arrival.headers["idempotency-key"] for arrival in pipeline.arrivals()]
    assert len(arrived) == len(set(arrived)) == wanted
    handled = {name: process.figure("alerting_messages_consumed_total") for name, process in services.items()}
    assert all(handled[f"{service} {version}"] > 0 for service in GROUPS for version in ("before", "now")), handled
    # What only this version measures shows that the other one is another.
    answers = [services[f"sender {version}"].get("/metrics") for version in ("before", "now")]
    assert [each is not None and "alerting_open_breakers" in each.text for each in answers] == [False, True]
