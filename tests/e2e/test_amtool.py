"""Stock amtool takes ingest for an Alertmanager."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from fix_tenant import Tenant, wait_until


@pytest.fixture
def amtool(tenant: Tenant, program: Callable[[str], str], home: Path) -> Callable[..., str]:
    """Run amtool against ingest, and return what it prints."""
    path = program("amtool")
    config = home / "http.yml"
    config.write_text(f"authorization:\n  credentials: {tenant.stack.admin_key}\n")
    url = f"{tenant.stack.url('ingest')}/integrations/{tenant.id}"

    def run(*arguments: str) -> str:
        command = [path, f"--alertmanager.url={url}", f"--http.config.file={config}", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def test_add_and_query(tenant: Tenant, amtool: Callable[..., str]) -> None:
    source = f"node-{tenant.id}"
    tenant.rule("HIGH", source, "DiskFull")
    tenant.settle()
    amtool("alert", "add", "DiskFull", f"service={source}", "severity=error", "--annotation=summary=full")
    wait_until(lambda: bool(tenant.received()), 20, "the webhook")
    assert tenant.received()[0].body["alert"]["context"]["annotation.summary"] == "full"
    listed = amtool("alert", "query", f"service={source}")
    assert "DiskFull" in listed
    assert "DiskFull" not in amtool("alert", "query", "service=another")


def test_routes_name_the_rules_that_match(tenant: Tenant, amtool: Callable[..., str]) -> None:
    source = f"routes-{tenant.id}"
    exact = tenant.rule("CRITICAL", source, "DiskFull")
    wild = tenant.rule("*", source, "*")
    other = tenant.rule("LOW", source, "*")

    def matching() -> set[str]:
        out = amtool("config", "routes", "test", "severity=page", "alertname=DiskFull", f"service={source}")
        return set(out.strip().split(","))

    wait_until(lambda: {exact, wild} <= matching(), 20, "the new rules among the routes")
    assert other not in matching()
