"""Members come and go every five seconds while alerts flow: nothing is lost, and nobody is notified twice."""

import asyncio
import os
import random
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from alerting.local.sinks import Sinks
from fix_pipeline import Pipeline
from fix_process import ServiceProcess, eventually, running
from fix_servers import Platform

GROUPS = ("evaluator", "aggregator", "sender")
CLIENTS = 5
PERIOD = 5.0
# A minute by hand: ALERTING_TEST_REBALANCE_SECONDS=60.
SECONDS = float(os.environ.get("ALERTING_TEST_REBALANCE_SECONDS", "15"))


@pytest.fixture
def pipeline(platform: Platform, sinks: Sinks) -> Pipeline:
    return Pipeline(platform, sinks, tuple(f"rebalance-{number}" for number in range(CLIENTS)))


@pytest.fixture
def services(pipeline: Pipeline) -> Iterator[dict[str, ServiceProcess]]:
    with ExitStack() as stack:
        made = {
            name: stack.enter_context(running(name, pipeline.env)) for name in ("rule-service", "rule-updater", *GROUPS)
        }
        for process in made.values():
            process.await_ready()
        yield made


class Load:
    """Sends alerts from a thread until it is stopped."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self._stop = threading.Event()
        self.sent: list[str] = []
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(0.2):
            batch = [f"a{number}" for number in range(len(self.sent), len(self.sent) + 20)]
            self._pipeline.send(batch)
            self.sent += batch


async def come_and_go(pipeline: Pipeline) -> int:
    """Let a second member of each group come or go in each period: politely, or by kill -9; return how many came."""
    chance, came = random.Random(4), 0
    with ExitStack() as stack:
        extra: dict[str, ServiceProcess] = {}
        loop = asyncio.get_running_loop()
        end = loop.time() + SECONDS
        while loop.time() < end:
            for name in GROUPS:
                if (member := extra.pop(name, None)) is None:
                    extra[name] = stack.enter_context(running(name, pipeline.env))
                    came += 1
                elif chance.random() < 0.5:
                    member.kill()
                else:
                    await asyncio.to_thread(member.terminate)
            await asyncio.sleep(PERIOD)
    return came


async def test_members_come_and_go(pipeline: Pipeline, services: dict[str, ServiceProcess]) -> None:
    await pipeline.create_rules(services["rule-service"].port)
    eventually(lambda: services["evaluator"].figure("alerting_rules") == CLIENTS, "the rules")
    load = Load(pipeline)
    try:
        assert await come_and_go(pipeline) >= len(GROUPS)
    finally:
        load.stop()
    wanted = len(load.sent) * CLIENTS
    # What a killed sender held is taken over when its leases end.
    eventually(lambda: pipeline.statuses() == {"SENT": wanted}, f"{wanted} notifications sent", 120)
    told = Counter((arrival.to, arrival.body["alert"]["alert_id"]) for arrival in pipeline.arrivals())
    assert len(told) == wanted
    # Only a sender that was killed between an answer and its record makes a delivery again, under the same key.
    assert len({arrival.headers["idempotency-key"] for arrival in pipeline.arrivals()}) == wanted
