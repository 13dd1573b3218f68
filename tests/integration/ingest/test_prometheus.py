"""A pair of real Prometheus servers takes the service for an Alertmanager."""

import re
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx

from alerting.local.ports import free_port
from fix_http import make_key

from .conftest import Service, wait_until

RULES = """
groups:
  - name: test
    rules:
      - alert: AlwaysFiring
        expr: vector(1)
        labels: {severity: page, service: payments, node: n1}
        annotations: {summary: "it fires: {{ $value }}"}
"""

CONFIG = """
global:
  evaluation_interval: 1s
  external_labels: {{replica: "{replica}"}}
rule_files: [rules.yml]
alerting:
  alertmanagers:
    - path_prefix: /integrations/prom
      {credentials}
      static_configs: [{{targets: ["127.0.0.1:{port}"]}}]
"""


@contextmanager
def prometheus(program: str, folder: Path, credentials: str, port: int) -> Iterator[None]:
    """Run a Prometheus that sends its alert again every second."""
    folder.mkdir()
    (folder / "rules.yml").write_text(RULES)
    (folder / "prometheus.yml").write_text(CONFIG.format(replica=folder.name, credentials=credentials, port=port))
    command = [
        program,
        f"--config.file={folder}/prometheus.yml",
        f"--storage.tsdb.path={folder}/data",
        f"--web.listen-address=127.0.0.1:{free_port()}",
        "--rules.alert.resend-delay=1s",
    ]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


def _replicas(service: Service) -> Counter[str]:
    """Count what each replica has sent so far."""
    metrics = httpx.get(f"{service.url}/metrics").text
    accepted = re.search(r'^alerting_alerts_accepted_total{format="alertmanager"} (.+)$', metrics, re.MULTILINE)
    count = int(float(accepted[1])) if accepted else 0
    return Counter(alert.context["replica"] for alert in service.alerts(count))


def test_what_is_sent_again_keeps_its_id(
    service: Service, sender: httpx.Client, program: Callable[[str], str], tmp_path: Path
) -> None:
    (tmp_path / "key").write_text(make_key(service.platform.dsn, "ingest"))
    bearer = f"authorization: {{credentials_file: {tmp_path}/key}}"
    basic = f"basic_auth: {{username: any, password_file: {tmp_path}/key}}"
    with ExitStack() as stack:
        for name, credentials in (("a", bearer), ("b", basic)):
            stack.enter_context(prometheus(program("prometheus"), tmp_path / name, credentials, service.port))
        wait_until(lambda: _replicas(service)["a"] >= 3 and _replicas(service)["b"] >= 3, "three of each replica", 60)
        alerts = service.alerts(sum(_replicas(service).values()))
    assert len({alert.alert_id for alert in alerts}) == 1
    assert (alerts[0].source, alerts[0].name) == ("payments", "AlwaysFiring")
    assert alerts[0].context["node"] == "n1"
    assert alerts[0].context["annotation.summary"] == "it fires: 1"
