"""What docs/integrations.md tells people to do works."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from alerting.ingest.integration import WORDS
from alerting.ingest.settings import IngestSettings
from alerting.runtime.problem import ProblemDocument
from fix_http import make_key

from .conftest import Service

GUIDE = (Path(__file__).parents[3] / "docs" / "integrations.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)


def test_commands(service: Service) -> None:
    service.start()
    env = {"INGEST": service.url, "KEY": make_key(service.platform.dsn, "ingest"), "PATH": "/usr/bin:/bin"}
    commands = blocks("sh")
    assert len(commands) == 8
    for command in commands:
        done = subprocess.run(["sh", "-ec", command], env=env, capture_output=True, text=True, timeout=30, check=False)
        assert done.returncode == 0, (command, done.stdout, done.stderr)
    names = [alert.name for alert in service.alerts(7)]
    assert sorted(names) == sorted(
        ["timeout", "slow", "late", "rolled back", "DiskFull", "com.example.disk.full", "com.example.disk.full"]
    )


def test_prometheus_takes_the_configuration(program: Callable[[str], str], tmp_path: Path) -> None:
    (written,) = (block for block in blocks("yaml") if "alertmanagers:" in block)
    key = tmp_path / "key"
    key.write_text("x")
    (tmp_path / "prometheus.yml").write_text(written.replace("/etc/prometheus/alerting.key", str(key)))
    command = [program("promtool"), "check", "config", str(tmp_path / "prometheus.yml")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr


def test_alertmanager_takes_the_configuration(program: Callable[[str], str], tmp_path: Path) -> None:
    (written,) = (block for block in blocks("yaml") if "webhook_configs:" in block)
    (tmp_path / "alertmanager.yml").write_text(written)
    command = [program("amtool"), "check-config", str(tmp_path / "alertmanager.yml")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr


def test_the_settings_are_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    settings, problem = blocks("json")
    monkeypatch.setenv("ALERTING_INTEGRATIONS", settings)
    assert set(IngestSettings().integrations) == {"prometheus", "legacy"}
    assert ProblemDocument.model_validate(orjson.loads(problem)).errors[0].item == 1


def test_the_words_are_all_told() -> None:
    for severity, words in WORDS.items():
        assert f"| {severity} | {', '.join(words.split())} |" in GUIDE
