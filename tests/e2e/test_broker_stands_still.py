"""Kafka stands still for a few seconds under load, as on a machine that pauses: everything goes on by itself behind it.

A node that did says of itself for a moment that it is not to be used. Each service has to find it again.
"""

import threading

from fix_process import stand_still
from fix_tenant import Tenant, wait_until

SENDERS = 4
PAUSES = 3


def _send_until(tenant: Tenant, source: str, stop: threading.Event, accepted: list[str]) -> None:
    """Send alerts one by one, so that there is always a batch in hand."""
    while not stop.wait(0.02):
        accepted += tenant.send({"severity": "HIGH", "source": source, "name": "Pause"})


def test_deliveries_go_on_when_the_broker_is_back(tenant: Tenant) -> None:
    source = f"source-{tenant.id}"
    tenant.rule("HIGH", source, "*")
    tenant.settle()
    kafka = tenant.stack.pid("kafka")
    assert kafka is not None
    accepted: list[str] = []
    stop = threading.Event()
    senders = [threading.Thread(target=_send_until, args=(tenant, source, stop, accepted)) for _ in range(SENDERS)]
    for sender in senders:
        sender.start()
    try:
        for _ in range(PAUSES):
            arrived = len(tenant.received())
            wait_until(lambda: len(tenant.received()) > arrived + 50, 60, "deliveries flow")  # noqa: B023
            stand_still(kafka)
    finally:
        stop.set()
        for sender in senders:
            sender.join()
    wait_until(lambda: len(tenant.received()) >= len(accepted), 60, "all deliveries")
    wait_until(lambda: tenant.stack.lag() == 0, 30, "no lag")
    notified = [one["alert_id"] for one in tenant.notifications()]
    assert sorted(notified) == sorted(accepted)
