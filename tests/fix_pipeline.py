"""The middle of the pipeline as processes: alerts go into the broker, and what came of them is in the database."""

from collections.abc import Iterable
from dataclasses import dataclass

import httpx
import psycopg

from alerting.events.v1 import AlertNew, Severity
from alerting.local.sinks import Arrival, Sinks
from alerting.rule_service.store import keys
from alerting.runtime.auth import new_key
from alerting.runtime.broker import HEADERS
from alerting.runtime.broker.kafka import KafkaProducer
from alerting.runtime.config import Settings
from alerting.runtime.database import async_connect
from alerting.runtime.topics import ALERTS_NEW
from fix_servers import Platform

SOURCE = "api"


@dataclass(frozen=True)
class Pipeline:
    """Clients of whom each hears of every alert from `SOURCE`."""

    platform: Platform
    sinks: Sinks
    clients: tuple[str, ...]

    @property
    def env(self) -> dict[str, str]:
        """What its services need, beside the platform's."""
        return {**self.platform.env, "ALERTING_ALLOWED_NETWORKS": '["127.0.0.0/8"]', "ALERTING_LOG_LEVEL": "warning"}

    async def create_rules(self, port: int) -> None:
        """Make the clients and their rules by the rule-service at a port."""
        key = new_key()
        async with await async_connect(self.platform.settings(Settings)) as connection:
            await keys.create(connection, key, name="test", scope="admin", expires_at=None, actor="test")
        headers = {"authorization": f"Bearer {key.key}"}
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}/api/v1", headers=headers, timeout=30) as client:
            for name in self.clients:
                (await client.post("/clients", json={"id": name, "name": name})).raise_for_status()
                hook = {"type": "webhook", "value": self.sinks.webhook_url(name)}
                rule = {"severity": "*", "source": SOURCE, "name": "*", "endpoints": [hook]}
                (await client.post(f"/clients/{name}/rules", json=rule)).raise_for_status()

    def send(self, alert_ids: Iterable[str]) -> None:
        """Write alerts to the broker, and wait until it has them."""
        producer = KafkaProducer(self.platform.settings(Settings))
        for alert_id in alert_ids:
            alert = AlertNew(alert_id=alert_id, schema_version=1, severity=Severity.HIGH, source=SOURCE, name="x")
            producer.send(ALERTS_NEW, alert_id.encode(), alert.SerializeToString(), HEADERS)
        producer.close()

    def statuses(self) -> dict[str, int]:
        """Return how many notifications there are of each status."""
        with psycopg.connect(self.platform.dsn) as connection:
            return dict(connection.execute("SELECT status, count(*) FROM notifications GROUP BY status").fetchall())

    def arrivals(self) -> list[Arrival]:
        """Return what its clients received."""
        mine = {f"/webhook/{name}" for name in self.clients}
        return [arrival for arrival in self.sinks.arrivals if arrival.to in mine]
