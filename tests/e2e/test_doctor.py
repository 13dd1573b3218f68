"""``alerting doctor`` and ``alerting health`` on a platform that works."""

import json
import os
import subprocess
import sys
from urllib.parse import urlsplit

import pytest

from alerting.local.services import SERVICES
from alerting.local.stack import Stack
from fix_tenant import wait_until

# What tests before this one have sent may still be refused, repeated or late.
OF_OTHERS = {"kafka.dead_letters", "deliveries.overdue", "deliveries.unplanned", "kafka.lag"}
# The receivers are on loopback, senders have no key of their own, and where the tests run may have little room.
OF_THE_TESTS = {"delivery.addresses", "keys.ingest", "local.disk"}


def run(*arguments: str, **env: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "alerting", *arguments]
    return subprocess.run(command, env={**os.environ, **env}, capture_output=True, text=True, timeout=90, check=False)


def test_the_doctor_finds_nothing_wrong(stack: Stack) -> None:
    wait_until(lambda: stack.evaluator_version() >= stack.rules_version(), 20, "evaluators are up to date")

    def wrong() -> set[str]:
        done = run("doctor", "--json", "--data-dir", str(stack.data_dir))
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        assert rows, done.stderr
        return {row["check"] for row in rows if row["status"] != "ok"} - OF_OTHERS - OF_THE_TESTS

    wait_until(lambda: not wrong(), 60, "the doctor finds nothing wrong")


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_answers_its_health_check(service: str, stack: Stack) -> None:
    port = str(urlsplit(stack.url(service)).port)
    wait_until(lambda: run("health", "--ready", ALERTING_PORT=port).returncode == 0, 30, f"{service} is ready")
    done = run("health", ALERTING_PORT=port, ALERTING_HOST="0.0.0.0")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
