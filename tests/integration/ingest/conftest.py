import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psycopg
import pytest
from confluent_kafka import Consumer

from alerting.events.v1 import AlertNew
from alerting.local.ports import free_port
from fix_http import make_key
from fix_servers import Platform


def wait_until(condition: Callable[[], bool], what: str, seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.05)


def make_rule(dsn: str, rule_id: str, severity: str, source: str, name: str, *, enabled: bool = True) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("INSERT INTO clients (id, name) VALUES ('acme', 'Acme') ON CONFLICT DO NOTHING")
        connection.execute(
            "INSERT INTO rules (id, client_id, severity, source, name, enabled) VALUES (%s, 'acme', %s, %s, %s, %s)",
            (rule_id, severity, source, name, enabled),
        )


@dataclass
class Service:
    """The service as a process of its own."""

    platform: Platform
    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        return (self.folder / "ingest.log").read_text()

    def start(self, **env: str) -> None:
        environment = {**os.environ, **self.platform.env, "ALERTING_PORT": str(self.port), **env}
        with (self.folder / "ingest.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "alerting.ingest"], env=environment, stdout=log, stderr=log
            )
        wait_until(self._answers, "the service to answer")

    def _answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        except OSError:
            return False
        return True

    def stop(self) -> int:
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(30)

    def client(self, key: str) -> httpx.Client:
        return httpx.Client(base_url=self.url, headers={"authorization": f"Bearer {key}"}, timeout=30)

    def alerts(self, count: int) -> list[AlertNew]:
        """Read this many alerts from the topic, or what is there after some seconds."""
        consumer = Consumer(
            {
                "bootstrap.servers": self.platform.env["ALERTING_KAFKA_BOOTSTRAP_SERVERS"],
                "group.id": f"{self.platform.prefix}reader",
                "auto.offset.reset": "earliest",
                "enable.auto.commit": False,
            }
        )
        consumer.subscribe([f"{self.platform.prefix}alerts.new"])
        found: list[AlertNew] = []
        deadline = time.monotonic() + 20
        try:
            while len(found) < count and time.monotonic() < deadline:
                message = consumer.poll(0.2)
                if message is not None and message.error() is None:
                    found.append(AlertNew.FromString(message.value() or b""))
                    assert message.key() == found[-1].alert_id.encode()
        finally:
            consumer.close()
        return found


@pytest.fixture
def service(platform: Platform, tmp_path: Path) -> Iterator[Service]:
    made = Service(platform, tmp_path)
    yield made
    if made.process is not None and made.process.poll() is None:
        made.process.kill()
        made.process.wait(10)


@pytest.fixture
def sender(service: Service) -> Iterator[httpx.Client]:
    """A client of the running service that may send."""
    service.start()
    with service.client(make_key(service.platform.dsn, "ingest")) as client:
        yield client
