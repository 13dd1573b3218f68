"""A real Prometheus uses ingest as its Alertmanager, and the tenant is told once."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from alerting.local.ports import free_port
from fix_tenant import Tenant, wait_until

RULES = """
groups:
  - name: test
    rules:
      - alert: AlwaysFiring
        expr: vector(1)
        labels: {{severity: page, service: "{source}", node: n1}}
        annotations: {{summary: "it fires: {{{{ $value }}}}"}}
"""

CONFIG = """
global: {{evaluation_interval: 1s}}
rule_files: [rules.yml]
alerting:
  alertmanagers:
    - scheme: http
      path_prefix: /integrations/{integration}
      authorization: {{credentials_file: key}}
      static_configs: [{{targets: ["{target}"]}}]
"""


@contextmanager
def running_prometheus(program: str, folder: Path, tenant: Tenant, source: str, integration: str) -> Iterator[None]:
    """Run a Prometheus whose one rule fires at once, and is sent again every second."""
    target = tenant.stack.url("ingest").removeprefix("http://")
    (folder / "rules.yml").write_text(RULES.format(source=source))
    (folder / "prometheus.yml").write_text(CONFIG.format(integration=integration, target=target))
    (folder / "key").write_text(tenant.stack.admin_key)
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
        process.wait(timeout=20)


def _accepted(tenant: Tenant) -> float:
    text = tenant.client.get(f"{tenant.stack.url('ingest')}/metrics").text
    lines = [
        line for line in text.splitlines() if line.startswith('alerting_alerts_accepted_total{format="alertmanager"')
    ]
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines)


def test_an_alert_that_is_sent_again_notifies_once(
    tenant: Tenant, program: Callable[[str], str], tmp_path: Path
) -> None:
    source = f"payments-{tenant.id}"
    tenant.rule("CRITICAL", source, "AlwaysFiring")
    tenant.settle()
    before = _accepted(tenant)
    with running_prometheus(program("prometheus"), tmp_path, tenant, source, tenant.id):
        wait_until(lambda: bool(tenant.received()), 60, "the webhook")
        wait_until(lambda: _accepted(tenant) >= before + 4, 60, "the first sending and three more")
    wait_until(lambda: tenant.stack.lag() == 0, 20, "no lag")
    (arrival,) = tenant.received()
    alert = arrival.body["alert"]
    assert (alert["severity"], alert["source"], alert["name"]) == ("CRITICAL", source, "AlwaysFiring")
    assert alert["context"]["node"] == "n1"
    assert alert["context"]["annotation.summary"] == "it fires: 1"
    assert len(tenant.notifications()) == 1


def test_a_pair_of_prometheus_notifies_once(tenant: Tenant, program: Callable[[str], str], tmp_path: Path) -> None:
    source = f"pair-{tenant.id}"
    tenant.rule("CRITICAL", source, "*")
    tenant.settle()
    before = _accepted(tenant)
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        folder.mkdir()
    with running_prometheus(program("prometheus"), folders[0], tenant, source, tenant.id):
        wait_until(lambda: _accepted(tenant) >= before + 1, 60, "the first one's alert")
        with running_prometheus(program("prometheus"), folders[1], tenant, source, tenant.id):
            wait_until(lambda: _accepted(tenant) >= before + 8, 60, "alerts of both")
    wait_until(lambda: tenant.stack.lag() == 0, 20, "no lag")
    wait_until(lambda: bool(tenant.received()), 20, "the webhook")
    assert len(tenant.received()) == len(tenant.notifications()) == 1
