"""``alerting doctor`` on a platform that works, and on one whose evaluator is gone."""

import json
import subprocess
import sys

from alerting.local.stack import Stack
from fix_tenant import wait_until


def examine(stack: Stack) -> tuple[int, dict[str, tuple[str, str]]]:
    done = subprocess.run(
        [sys.executable, "-m", "alerting", "doctor", "--json", "--data-dir", str(stack.data_dir)],
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return done.returncode, {row["check"]: (row["status"], row["found"]) for row in rows}


# What tests before this one have sent may still be refused, repeated or late.
OF_OTHERS = {"kafka.dead_letters", "deliveries.overdue", "deliveries.unplanned", "kafka.lag"}
# The receivers are on loopback, senders have no key of their own, and where the tests run may have little room.
OF_THE_TESTS = {"delivery.addresses", "keys.ingest", "local.disk"}


def test_a_platform_that_works_is_well(stack: Stack) -> None:
    wait_until(lambda: stack.evaluator_version() >= stack.rules_version(), 20, "evaluators are up to date")

    def wrong() -> set[str]:
        _, found = examine(stack)
        return {check for check, (status, _) in found.items() if status != "ok"} - OF_OTHERS - OF_THE_TESTS

    wait_until(lambda: not wrong(), 60, "the doctor finds nothing wrong")
