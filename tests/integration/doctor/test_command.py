"""``alerting doctor`` as a process."""

import json
import os
import subprocess
import sys
from pathlib import Path

from alerting.doctor.catalog import CHECKS
from fix_servers import Platform

SECRET = "s3cr3t-w0rd"


def run(env: dict[str, str], *arguments: str) -> "subprocess.CompletedProcess[str]":
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("ALERTING_")}
    return subprocess.run(
        [sys.executable, "-m", "alerting", "doctor", *arguments],
        env={**inherited, **env},
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


def statuses(done: "subprocess.CompletedProcess[str]") -> dict[str, str]:
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["check"] for row in rows] == list(CHECKS)
    return {row["check"]: row["status"] for row in rows}


def test_servers_that_are_well_without_services(platform: Platform) -> None:
    env = {**platform.env, "ALERTING_TOPIC_PARTITIONS": "3", "ALERTING_REDIS_ULR": "x"}
    done = run(env, "--json", "--url", "http://127.0.0.1:1")
    assert (done.returncode, done.stderr) == (1, "")
    found = statuses(done)
    for check in ("postgres.reachable", "postgres.migrations", "redis.reachable", "kafka.reachable", "kafka.topics"):
        assert found[check] == "ok"
    for check in ("services.alive", "services.ready", "rules.base", "keys.admin"):
        assert found[check] == "fail"
    assert found["settings.unknown"] == "warn"
    assert "ALERTING_REDIS_URL meant?" in done.stdout


def test_where_nobody_is_everything_is_said_and_no_secret(platform: Platform) -> None:
    env = {
        "ALERTING_POSTGRES_DSN": f"postgresql://u:{SECRET}@127.0.0.1:1/db",
        "ALERTING_REDIS_URL": f"redis://:{SECRET}@127.0.0.1:1/0",
        "ALERTING_KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1",
        "ALERTING_KAFKA_SECURITY_PROTOCOL": "sasl_plaintext",
        "ALERTING_KAFKA_SASL_USERNAME": "me",
        "ALERTING_KAFKA_SASL_PASSWORD": SECRET,
        "ALERTING_RETRY_DELAYS": SECRET,
        "NO_COLOR": "1",
        "COLUMNS": "120",
    }
    done = run(env)
    assert done.returncode == 1
    assert SECRET not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    for text in ("RETRY_DELAYS", "→ start PostgreSQL", "→ start Redis", "→ start the broker", "skipped"):
        assert text in done.stdout


def test_a_directory_without_a_platform_is_a_misuse(tmp_path: Path) -> None:
    done = run({}, "--data-dir", str(tmp_path))
    assert done.returncode == 2
    assert "alerting up" in done.stderr
