"""The processor's time is a process's own, its children's, and that of children that have ended."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from benches.reliability.processes import cpu_seconds

SPENT = 0.2
# Ticks of a hundredth of a second are not exact.
AT_LEAST = 0.9 * SPENT

SPEND = f"""
import time
while time.process_time() < {SPENT}: pass
"""
SAY = "print('spent', flush=True); input()"

OWN = f"{SPEND}\n{SAY}"
CHILDS = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {OWN!r}])"
ENDED_CHILDS = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {SPEND!r}])\n{SAY}"


@pytest.fixture
def spending(request: pytest.FixtureRequest) -> Iterator[int]:
    """Run a program until it says that the time is spent; return its id."""
    command = [sys.executable, "-c", request.param]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "spent\n"
        yield process.pid


@pytest.mark.parametrize("spending", [OWN, CHILDS, ENDED_CHILDS], indirect=True, ids=["own", "child", "ended child"])
def test_what_was_spent_is_counted_whoever_of_the_family_spent_it(spending: int) -> None:
    assert cpu_seconds(spending) >= AT_LEAST


def test_who_spends_none_has_none() -> None:
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE) as process:
        assert cpu_seconds(process.pid) < AT_LEAST


def test_who_is_gone_has_none() -> None:
    with subprocess.Popen(["true"]) as process:
        pass
    assert cpu_seconds(process.pid) == 0.0
    assert cpu_seconds(os.getpid()) > 0.0
