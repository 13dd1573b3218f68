"""kill -9 of each service in turn, while alerts flow: nothing is lost, and no notification is made twice."""

import os
import signal
import threading
import time
from functools import partial

import httpx

from alerting.local.stack import Stack
from fix_tenant import Tenant, wait_until

ALERTS = 20_000
BATCH = 100
VICTIMS = ("evaluator", "aggregator", "sender", "ingest", "rule-updater", "rule-service", "metrics", "alert-producer")


def _send_all(tenant: Tenant, source: str, accepted: list[str]) -> None:
    """Send each batch until it is accepted; its ids are given, so a repeat is no other alert."""
    url = f"{tenant.stack.url('ingest')}/api/v1/alerts"
    for first in range(0, ALERTS, BATCH):
        alerts = [
            {"alert_id": f"{tenant.id}-{number}", "severity": "HIGH", "source": source, "name": "Kill"}
            for number in range(first, first + BATCH)
        ]
        deadline = time.monotonic() + 60
        while True:
            try:
                response = tenant.client.post(url, json=alerts)
            except httpx.TransportError:
                response = None
            if response is not None and response.status_code == 202:
                accepted += response.json()["alert_ids"]
                break
            assert response is None or response.status_code == 503, response.text
            assert time.monotonic() < deadline, "ingest did not come back"
            time.sleep(0.1)
        time.sleep(0.05)


def _kill(stack: Stack, service: str) -> None:
    pid = stack.pid(service)
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: stack.pid(service) not in {None, pid}, 30, f"{service} started again")


def _reached(accepted: list[str], due: float) -> bool:
    return len(accepted) >= due


def test_kill_each_service_in_turn(tenant: Tenant) -> None:
    source = f"source-{tenant.id}"
    tenant.rule("HIGH", source, "*")
    tenant.settle()
    accepted: list[str] = []
    sender = threading.Thread(target=_send_all, args=(tenant, source, accepted))
    sender.start()
    for place, victim in enumerate(VICTIMS):
        due = (place + 0.5) * ALERTS / len(VICTIMS)
        wait_until(partial(_reached, accepted, due), 120, f"{due:.0f} alerts, then {victim} is killed")
        assert sender.is_alive()
        _kill(tenant.stack, victim)
    sender.join()
    assert len(accepted) == ALERTS
    wait_until(lambda: tenant.stack.lag() == 0, 120, "no lag")
    wait_until(lambda: len({a.body["alert"]["alert_id"] for a in tenant.received()}) == ALERTS, 180, "all deliveries")
    notified = [one["alert_id"] for one in tenant.notifications()]
    assert len(notified) == len(set(notified)) == ALERTS
    assert set(notified) == set(accepted)
    # A delivery whose answer was lost is made again, with the same key.
    repeated = len(tenant.received()) - ALERTS
    keys = {arrival.headers["idempotency-key"] for arrival in tenant.received()}
    assert len(keys) == ALERTS, f"{repeated} repeated"
