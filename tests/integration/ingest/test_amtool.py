"""Stock amtool takes the service for an Alertmanager."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import httpx
import orjson
import pytest

from fix_http import make_key

from .conftest import Service, make_rule, wait_until

Amtool = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def amtool(service: Service, sender: httpx.Client, program: Callable[[str], str], tmp_path: Path) -> Amtool:
    path = program("amtool")
    config = tmp_path / "http.yml"
    config.write_text(f"authorization:\n  credentials: {make_key(service.platform.dsn, 'ingest')}\n")

    def run(*arguments: str, integration: str | None = "tool") -> subprocess.CompletedProcess[str]:
        url = service.url if integration is None else f"{service.url}/integrations/{integration}"
        command = [path, f"--alertmanager.url={url}", f"--http.config.file={config}", *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)

    return run


def test_add_and_query(amtool: Amtool, service: Service) -> None:
    added = amtool("alert", "add", "DiskFull", "job=node", "severity=error", "--annotation=summary=it is full")
    assert added.returncode == 0, added.stderr
    amtool("alert", "add", "Lag", "job=consumer")
    listed = amtool("alert", "query", "-o", "json")
    assert listed.returncode == 0, listed.stderr
    alerts = {alert["labels"]["alertname"]: alert for alert in orjson.loads(listed.stdout)}
    assert set(alerts) == {"DiskFull", "Lag"}
    assert alerts["DiskFull"]["annotations"] == {"summary": "it is full"}
    assert alerts["DiskFull"]["status"]["state"] == "active"
    assert alerts["DiskFull"]["receivers"] == [{"name": "no-rule"}]
    first = service.alerts(2)
    assert {alert.name for alert in first} == {"DiskFull", "Lag"}


def test_filters(amtool: Amtool, service: Service) -> None:
    make_rule(service.platform.dsn, "rule-of-nodes", "*", "node", "*")
    amtool("alert", "add", "DiskFull", "job=node")
    amtool("alert", "add", "Lag", "job=consumer")

    def names(*arguments: str) -> set[str]:
        done = amtool("alert", "query", "-o", "json", *arguments)
        assert done.returncode == 0, done.stderr
        return {alert["labels"]["alertname"] for alert in orjson.loads(done.stdout)}

    assert names("DiskFull") == {"DiskFull"}
    assert names("job=~cons.*") == {"Lag"}
    assert names("job!=node") == {"Lag"}
    assert names("job!~(node|consumer)") == set()
    assert names("alertname=DiskFull", "job=consumer") == set()
    assert names("--active") == {"DiskFull", "Lag"}
    assert names("--silenced") == set()
    assert names("--receiver=rule-.*") == {"DiskFull"}
    assert names("--receiver=rule") == set()


def test_the_bare_path_is_an_integration_of_its_own(amtool: Amtool) -> None:
    assert amtool("alert", "add", "Bare", integration=None).returncode == 0
    assert "Bare" in amtool("alert", "query", integration=None).stdout
    assert "Bare" in amtool("alert", "query", integration="default").stdout
    assert "Bare" not in amtool("alert", "query", integration="tool").stdout


def test_a_resolved_alert_is_gone(amtool: Amtool) -> None:
    amtool("alert", "add", "Short", "--end=2999-01-01T00:00:00Z")
    assert "Short" in amtool("alert", "query").stdout
    amtool("alert", "add", "Short", "--start=2020-01-01T00:00:00Z", "--end=2020-01-02T00:00:00Z")
    assert "Short" in amtool("alert", "query").stdout, "an end before the beginning ends nothing"


def test_a_wrong_alert_is_told(amtool: Amtool) -> None:
    done = amtool("alert", "add", "job=node")
    assert done.returncode != 0
    assert "labels.alertname: is required" in done.stderr
    done = amtool("alert", "query", "--receiver=(")
    assert done.returncode != 0


def test_config(amtool: Amtool, service: Service) -> None:
    make_rule(service.platform.dsn, "r1", "CRITICAL", "node", "DiskFull")
    done = amtool("config", "show")
    assert done.returncode == 0, done.stderr
    assert "r1" in done.stdout
    assert "r1" in amtool("config", "routes").stdout


# Rule ids say what they match.
RULES = {
    "critical/node/DiskFull": ("CRITICAL", "node", "DiskFull"),
    "any/node/any": ("*", "node", "*"),
    "medium/any/any": ("MEDIUM", "*", "*"),
    "any/any/DiskFull": ("*", "*", "DiskFull"),
    "low/tool/any": ("LOW", "tool", "*"),
    'any/od"d\\,{}/any': ("*", 'od"d\\,{}\n\x85 ☃', "*"),
}


CASES: list[tuple[dict[str, str], set[int]]] = [
    ({"severity": "critical", "job": "node", "alertname": "DiskFull"}, {0, 1, 3}),
    ({"severity": "PAGE", "job": "node", "alertname": "DiskFull"}, {0, 1, 3}),
    ({"priority": "P1", "source": "node", "alertname": "DiskFull"}, {0, 1, 3}),
    ({"severity": "info", "priority": "P1", "job": "node", "alertname": "DiskFull"}, {1, 3}),
    ({"severity": "critical", "source": "api", "job": "node", "alertname": "DiskFull"}, {3}),
    ({"severity": "warning", "job": "api", "alertname": "Lag"}, {2}),
    ({"job": "api", "alertname": "Lag"}, {2}),
    ({"level": "unheard-of", "job": "api", "alertname": "Lag"}, {2}),
    ({"severity": "low", "alertname": "Lag"}, {4}),
    ({"severity": "low", "job": "api", "alertname": "Lag"}, set()),
    ({"severity": "low", "job": 'od"d\\,{}\n\x85 ☃', "alertname": "Lag"}, {5}),
]


def test_routes_name_the_rules_that_match(amtool: Amtool, service: Service) -> None:
    ids = list(RULES)
    for rule_id, fields in RULES.items():
        make_rule(service.platform.dsn, rule_id, *fields)
    make_rule(service.platform.dsn, "disabled", "*", "*", "*", enabled=False)
    for labels, expected in CASES:
        written = [f"{name}={orjson.dumps(value).decode()}" for name, value in labels.items()]
        wanted = ",".join(sorted(ids[number] for number in expected) or ["no-rule"])
        done = amtool("config", "routes", "test", *written)
        assert done.returncode == 0, done.stderr
        assert sorted(done.stdout.strip().split(",")) == sorted(wanted.split(",")), labels


def test_silences_are_refused_clearly(amtool: Amtool) -> None:
    assert amtool("silence", "query").returncode == 0
    done = amtool("silence", "add", "alertname=Disk", "--comment=x")
    assert done.returncode != 0
    assert "silences are not supported" in done.stderr


def test_a_new_rule_is_among_the_routes_within_seconds(amtool: Amtool, service: Service) -> None:
    assert amtool("config", "routes", "test", "alertname=A", "job=j").stdout.strip() == "no-rule"
    make_rule(service.platform.dsn, "new", "*", "j", "*")
    wait_until(lambda: amtool("config", "routes", "test", "alertname=A", "job=j").stdout.strip() == "new", "the rule")
