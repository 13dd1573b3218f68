"""A real Prometheus scrapes the platform, and each query of each dashboard has an answer."""

import json
import math
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from confluent_kafka import Producer

from alerting.local.ports import free_port
from alerting.local.services import SERVICES
from alerting.local.stack import Stack
from alerting.runtime.broker.kafka import client_properties
from alerting.runtime.config import Settings
from alerting.runtime.topics import ALERTS_NEW
from fix_tenant import Tenant, wait_until

ROOT = Path(__file__).parents[2]
PAGES = [json.loads(path.read_text()) for path in sorted((ROOT / "deploy/grafana/dashboards").glob("*.json"))]
QUERIES = {
    f"{page['uid']}: {panel['title']}: {target['refId']}": target["expr"]
    for page in PAGES
    for panel in page["panels"]
    for target in panel.get("targets", ())
}

CONFIG = """
global: {{scrape_interval: 1s, evaluation_interval: 1s}}
rule_files: [{rules}]
scrape_configs:
  - job_name: anything
    static_configs: [{{targets: {targets}}}]
"""


class Prometheus:
    """Asks a running one."""

    def __init__(self, port: int) -> None:
        self._http = httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False)

    def get(self, path: str, **parameters: str) -> Any:
        answer = self._http.get("/api/v1" + path, params=parameters).json()
        assert answer["status"] == "success", answer
        return answer["data"]

    def value(self, query: str) -> list[float]:
        """Return what a query has now, but for what is not a number."""
        result = self.get("/query", query=query)["result"]
        return [value for series in result if not math.isnan(value := float(series["value"][1]))]

    def series(self, query: str, seconds: int) -> int:
        """Return how many series of a query had a figure within the last seconds."""
        now = time.time()
        span = {"start": str(now - seconds), "end": str(now), "step": "1"}
        result = self.get("/query_range", query=query, **span)["result"]
        return sum(any(math.isfinite(float(value)) for _, value in series["values"]) for series in result)

    def sees_all(self) -> bool:
        """Tell whether it is ready and has scraped every service."""
        try:
            ready = self._http.get("/-/ready").is_success
        except httpx.TransportError:
            return False
        return ready and len(self.value("up == 1")) == len(SERVICES)

    def close(self) -> None:
        self._http.close()


@contextmanager
def running(program: str, folder: Path, stack: Stack) -> Iterator[Prometheus]:
    """Run a Prometheus that scrapes every service of the stack each second."""
    targets = json.dumps([stack.url(name).removeprefix("http://") for name in SERVICES])
    config = CONFIG.format(rules=ROOT / "deploy/grafana/rules/alerting.yaml", targets=targets)
    (folder / "prometheus.yml").write_text(config)
    port = free_port()
    command = [
        program,
        f"--config.file={folder}/prometheus.yml",
        f"--storage.tsdb.path={folder}/data",
        f"--web.listen-address=127.0.0.1:{port}",
    ]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    prometheus = Prometheus(port)
    try:
        yield prometheus
    finally:
        prometheus.close()
        process.terminate()
        process.wait(timeout=20)


def live(tenant: Tenant) -> None:
    """Let things happen: alerts arrive, are refused, are resolved; a receiver fails; a message makes no sense."""
    failing = tenant.sinks.http_url + "/nowhere"
    tenant.rule("HIGH", f"well-{tenant.id}", "*")
    tenant.rule("HIGH", f"ill-{tenant.id}", "*", webhook=failing)
    tenant.settle()
    tenant.send(*({"severity": "HIGH", "source": f"well-{tenant.id}", "name": f"n{each}"} for each in range(20)))
    tenant.send(*({"severity": "HIGH", "source": f"ill-{tenant.id}", "name": f"n{each}"} for each in range(3)))
    refused = tenant.client.post(f"{tenant.stack.url('ingest')}/api/v1/alerts", json=[{"severity": "SEVERE"}])
    assert refused.status_code == 422
    resolved = {"labels": {"alertname": "A", "severity": "warning"}, "endsAt": "2020-01-01T00:00:00Z"}
    tenant.post("ingest", "/api/v2/alerts", [resolved])
    producer = Producer(client_properties(tenant.stack.settings(Settings)))
    producer.produce(ALERTS_NEW, b"\xff\xff")
    assert producer.flush(20) == 0
    tenant.get("metrics", "/api/v1/metrics/topics")
    tenant.get("alert-producer", "/api/v1/jobs")


def happened(prometheus: Prometheus, wanted: Mapping[str, float]) -> Callable[[], bool]:
    return lambda: all(sum(prometheus.value(query)) >= least for query, least in wanted.items())


def substituted(expression: str) -> str:
    """Return a query as Grafana asks it, with all services chosen."""
    return expression.replace("$__rate_interval", "30s").replace("$service", ".*")


def test_each_query_has_an_answer_and_each_rule_can_be_worked_out(
    tenant: Tenant, program: Callable[[str], str], tmp_path: Path
) -> None:
    with running(program("prometheus"), tmp_path, tenant.stack) as prometheus:
        wait_until(prometheus.sees_all, 60, "every service is scraped")
        before = prometheus.value('sum(alerting_deliveries_total{outcome="delivered"})')
        live(tenant)
        wanted = {
            'sum(alerting_deliveries_total{outcome="delivered"})': sum(before) + 20,
            "sum(alerting_dead_letters_waiting)": 1,
            "sum(alerting_alerts_rejected_total)": 1,
            "sum(alerting_alerts_resolved_total)": 1,
        }
        wait_until(happened(prometheus, wanted), 60, f"{wanted}")
        empty: list[str] = []

        def answered() -> bool:
            # What a label appears with has not increased yet, so life goes on.
            tenant.rule("LOW", f"{time.time()}", "*")
            tenant.send({"severity": "HIGH", "source": f"well-{tenant.id}", "name": f"{time.time()}"})
            empty[:] = [name for name, query in QUERIES.items() if not prometheus.series(substituted(query), 60)]
            return not empty

        try:
            wait_until(answered, 60, "every query has a figure")
        except AssertionError:
            pytest.fail(f"without a figure: {empty}")
        rules = [rule for group in prometheus.get("/rules")["groups"] for rule in group["rules"]]
        assert {rule["health"] for rule in rules} == {"ok"}
        assert prometheus.get("/query", query='ALERTS{alertstate="firing", severity="critical"}')["result"] == []
