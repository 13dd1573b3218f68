"""Every service starts before what it depends on, says what it waits for, and stops when it is asked."""

import signal
from pathlib import Path

import httpx
import pytest

from alerting.local.child import Service
from alerting.local.ports import free_port
from alerting.local.services import SERVICES
from fix_tenant import wait_until

NOWHERE = {
    "ALERTING_KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1",
    "ALERTING_POSTGRES_DSN": "postgresql://alerting:not-a-secret-9b1e@127.0.0.1:1/alerting",
    "ALERTING_REDIS_URL": "redis://:not-a-secret-9b1e@127.0.0.1:1/0",
}


def _status(port: int, path: str) -> int:
    try:
        return httpx.get(f"http://127.0.0.1:{port}{path}", timeout=10).status_code
    except httpx.TransportError:
        return 0


@pytest.mark.parametrize("name", SERVICES)
def test_it_waits_and_says_so(name: str, tmp_path: Path) -> None:
    port = free_port()
    log = tmp_path / "log"
    service = Service(name, SERVICES[name].command, log, env={**NOWHERE, "ALERTING_PORT": str(port)})
    with service:
        wait_until(lambda: _status(port, "/healthz") == 200, 30, "/healthz")
        assert _status(port, "/readyz") == 503
        assert _status(port, "/metrics") == 200
        wait_until(lambda: "127.0.0.1:1" in log.read_text() or "port 1 " in log.read_text(), 30, "what it waits for")
        assert service.alive()
        service.terminate()
        assert service.wait(60) == 0, log.read_text()
    assert signal.SIGTERM.name in log.read_text()
    assert "not-a-secret-9b1e" not in log.read_text()
