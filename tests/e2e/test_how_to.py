"""The commands and configurations of docs/how-to, on the whole platform."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from alerting.runtime.config import Settings
from fix_guide import blocks, guide, shell
from fix_tenant import Tenant, wait_until

PROMETHEUS, SLACK = (guide(f"docs/how-to/{name}.md") for name in ("prometheus", "slack"))


@pytest.fixture
def env(tenant: Tenant) -> dict[str, str]:
    """Say what the pages take as set: addresses and a key, and for the command line where the database is."""
    return {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "INGEST": tenant.stack.url("ingest"),
        "RULES": tenant.stack.url("rule-service"),
        "KEY": tenant.stack.admin_key,
        "ALERTING_POSTGRES_DSN": tenant.stack.settings(Settings).postgres_dsn.get_secret_value(),
    }


def test_a_key_for_prometheus_and_what_would_come_of_an_alert(env: dict[str, str], tmp_path: Path) -> None:
    make_key, preview = blocks(PROMETHEUS, "sh")
    shell(make_key, tmp_path, env)
    key = (tmp_path / "alerting.key").read_text().strip()
    assert key.startswith("ak_")
    told = shell(preview, tmp_path, {**env, "KEY": key})
    assert '"CRITICAL"' in told
    assert '"HighCPU"' in told


def test_prometheus_takes_the_configuration(program: Callable[[str], str], tmp_path: Path) -> None:
    (written,) = blocks(PROMETHEUS, "yaml")
    (tmp_path / "alerting.key").write_text("x")
    (tmp_path / "prometheus.yml").write_text(written.replace("/etc/prometheus/", f"{tmp_path}/"))
    command = [program("promtool"), "check", "config", str(tmp_path / "prometheus.yml")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


def test_slack_is_told_and_can_be_tried(tenant: Tenant, env: dict[str, str], tmp_path: Path) -> None:
    add, try_it = blocks(SLACK, "sh")
    body = {"id": f"r-{tenant.id}", "severity": "LOW", "source": tenant.id, "name": "*"}
    tenant.post("rule-service", f"/api/v1/clients/{tenant.id}/rules", body)
    channel = tenant.sinks.slack_url(tenant.id)
    address = "https://hooks.slack.com/services/T000/B000/XXXX"
    _, told = (
        shell(command.replace("/rules/r1/", f"/rules/{body['id']}/").replace(address, channel), tmp_path, env)
        for command in (add, try_it)
    )
    assert "200" in told
    wait_until(lambda: any(arrival.to.endswith(tenant.id) for arrival in tenant.sinks.arrivals), 20, "the post")
