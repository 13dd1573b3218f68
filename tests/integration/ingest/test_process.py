"""The service as a process, over real servers."""

import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import orjson

from alerting.events.v1 import Severity
from alerting.local.ports import free_port
from fix_http import make_key

from .conftest import Service, wait_until

ALERT: dict[str, Any] = {"severity": "HIGH", "source": "api", "name": "timeout", "context": {"region": "eu"}}


def test_what_is_accepted_is_on_the_topic(sender: httpx.Client, service: Service) -> None:
    response = sender.post("/api/v1/alerts", json=ALERT | {"alert_id": "a1", "event_ts": 1_700_000_000})
    assert (response.status_code, response.json()) == (202, {"alert_ids": ["a1"]})
    (alert,) = service.alerts(1)
    assert (alert.alert_id, alert.schema_version, alert.event_ts) == ("a1", 1, 1_700_000_000)
    assert (alert.severity, alert.source, alert.name) == (Severity.HIGH, "api", "timeout")
    assert dict(alert.context) == {"region": "eu"}


def test_many_senders_at_once(sender: httpx.Client, service: Service) -> None:
    def send(number: int) -> list[str]:
        batch = [ALERT | {"alert_id": f"a{number}-{place}"} for place in range(50)]
        response = sender.post("/api/v1/alerts", json=batch)
        assert response.status_code == 202
        ids: list[str] = response.json()["alert_ids"]
        return ids

    with ThreadPoolExecutor(8) as pool:
        sent = [alert_id for ids in pool.map(send, range(40)) for alert_id in ids]
    assert sorted(alert.alert_id for alert in service.alerts(len(sent))) == sorted(sent)


def test_health_needs_no_key(sender: httpx.Client) -> None:
    for path in ("/healthz", "/readyz", "/metrics"):
        assert httpx.get(f"{sender.base_url}{path}").status_code == 200
    assert httpx.get(f"{sender.base_url}/readyz").json()["checks"] == {"kafka": "ok", "postgres": "ok"}
    assert httpx.post(f"{sender.base_url}/api/v1/alerts", json=ALERT).status_code == 401


def test_an_answer_is_one_segment(sender: httpx.Client, service: Service) -> None:
    body = orjson.dumps(ALERT)
    head = (
        f"POST /api/v1/alerts HTTP/1.1\r\nHost: ingest\r\nAuthorization: {sender.headers['authorization']}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", service.port), 10) as connection:
        for _ in range(100):
            connection.sendall(head.encode() + body)
            # Were head and body written apart, some of the hundred would come apart.
            answer = connection.recv(65_536)
            assert answer.startswith(b"HTTP/1.1 202")
            assert answer.endswith(b'"]}')


def test_it_starts_without_its_dependencies_and_says_so(service: Service) -> None:
    nowhere = f"127.0.0.1:{free_port()}"
    service.start(
        ALERTING_KAFKA_BOOTSTRAP_SERVERS=nowhere,
        ALERTING_POSTGRES_DSN=f"postgresql://nobody@{nowhere}/none",
        ALERTING_REDIS_URL=f"redis://{nowhere}/0",
    )
    ready = httpx.get(f"{service.url}/readyz", timeout=20)
    assert ready.status_code == 503
    assert ready.json()["checks"] == {"kafka": "unavailable", "postgres": "unavailable"}
    response = httpx.post(
        f"{service.url}/api/v1/alerts", json=ALERT, headers={"authorization": "Bearer ak_x_y"}, timeout=20
    )
    assert response.status_code == 503
    assert response.headers["content-type"] == "application/problem+json"
    assert httpx.get(f"{service.url}/healthz").status_code == 200
    assert service.stop() == 0


def test_without_the_broker_nothing_is_accepted(service: Service) -> None:
    service.start(
        ALERTING_KAFKA_BOOTSTRAP_SERVERS=f"127.0.0.1:{free_port()}",
        ALERTING_PRODUCE_TIMEOUT="1",
        ALERTING_LOG_FORMAT="json",
    )
    with service.client(make_key(service.platform.dsn, "ingest")) as sender:
        for path, body in (
            ("/api/v1/alerts", [ALERT]),
            ("/api/v2/alerts", [{"labels": {"alertname": "Disk"}}, {"labels": {}}]),
            ("/integrations/x/cloudevents", {"specversion": "1.0", "id": "1", "source": "s", "type": "t"}),
        ):
            response = sender.post(
                path, content=orjson.dumps(body), headers={"content-type": "application/cloudevents+json"}
            )
            assert response.status_code == 503, path
            assert response.headers["retry-after"] == "1"
        metrics = httpx.get(f"{service.url}/metrics").text
    assert "alerting_alerts_accepted_total{" not in metrics


def test_without_redis_alerts_are_accepted_all_the_same(service: Service) -> None:
    service.start(ALERTING_REDIS_URL=f"redis://127.0.0.1:{free_port()}/0")
    alert = {"labels": {"alertname": "Disk"}, "startsAt": "2025-06-15T15:06:40Z"}
    with service.client(make_key(service.platform.dsn, "ingest")) as sender:
        for _ in range(2):
            assert sender.post("/api/v2/alerts", json=[alert]).json()["accepted"] == 1
        for path in ("/api/v2/alerts", "/api/v1/integrations", "/api/v1/rejects"):
            assert sender.get(path).status_code == 503
    first, again = service.alerts(2)
    assert first == again


def test_a_request_in_flight_is_finished(service: Service) -> None:
    service.start()
    key = make_key(service.platform.dsn, "ingest")
    begun = threading.Event()
    go_on = threading.Event()

    def slowly() -> Any:
        yield b'{"severity": "HIGH", "source": "api", '
        begun.set()
        go_on.wait(20)
        yield b'"name": "timeout", "alert_id": "late"}'

    with service.client(key) as sender, ThreadPoolExecutor(1) as pool:
        sender.get("/api/v1/rejects")
        answer = pool.submit(sender.post, "/api/v1/alerts", content=slowly())
        assert begun.wait(10)
        assert service.process is not None
        service.process.terminate()
        wait_until(lambda: "stopping" in service.log, "the service to be stopping")
        go_on.set()
        assert answer.result(20).status_code == 202
    assert service.process.wait(30) == 0
    assert [alert.alert_id for alert in service.alerts(1)] == ["late"]


def test_a_tenant_may_not_send(service: Service) -> None:
    service.start()
    key = make_key(service.platform.dsn, "client:acme")
    with service.client(key) as client:
        for path in ("/api/v1/alerts", "/api/v2/alerts", "/v2/enqueue", "/integrations/x/grafana"):
            assert client.post(path, json=ALERT).status_code == 403
    assert httpx.post(f"{service.url}/v2/enqueue", json={"routing_key": key}).status_code == 403
    assert key not in service.log


def test_what_integrations_did_is_one_for_all_processes_and_outlives_them(service: Service, tmp_path: Path) -> None:
    service.start()
    key = make_key(service.platform.dsn, "ingest")
    with service.client(key) as sender:
        assert sender.post("/integrations/store/cloudevents", content=b"{").status_code == 422
        assert sender.post("/api/v1/alerts", json=[ALERT, ALERT]).status_code == 202
    assert service.stop() == 0
    (tmp_path / "other").mkdir()
    other = Service(service.platform, tmp_path / "other")
    service.start()
    try:
        other.start()
        with service.client(key) as sender, other.client(key) as asker:
            assert sender.post("/api/v1/alerts", json=ALERT).status_code == 202
            wait_until(lambda: figures(asker, "default") == (3, 0), "the other process to know of three alerts")
            assert figures(asker, "store") == (0, 1)
            (reject,) = asker.get("/api/v1/rejects").json()["items"]
            assert (reject["integration"], reject["field"]) == ("store", "ce-specversion")
            assert sender.get("/api/v1/rejects").json()["items"] == [reject]
    finally:
        assert other.stop() == 0


def figures(client: httpx.Client, integration: str) -> tuple[int, int]:
    found = client.get(f"/api/v1/integrations/{integration}").json()
    return found["accepted"], found["rejected"]
