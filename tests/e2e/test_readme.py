"""What README.md, and the documentation's first page, tell people to type."""

import os
import re
import sys
from pathlib import Path

import pytest

from alerting.local.stack import Stack
from fix_guide import blocks, guide, shell

README = guide("README.md")
PATH = f"{Path(sys.executable).parent}:{os.environ['PATH']}"

# What starts the platform, or sets up a checkout, has a test of its own: test_demo.py, tests/packaging.
ELSEWHERE = re.compile(r"^(alerting (up|demo)|make |pip install|python3? -m venv|\. )")
PLACES = {"8080": "ingest", "8081": "rule-service", "8082": "alert-producer", "8083": "metrics"}


def typed(block: str, stack: Stack) -> str:
    """Return a block without what runs already, with the key and the addresses that were printed."""
    lines = (line for line in block.splitlines() if not ELSEWHERE.match(line))
    script = "\n".join(re.sub(r"(ALERTING_API_KEY)=ak_…", rf"\1={stack.admin_key}", line) for line in lines)
    for usual, service in PLACES.items():
        script = re.sub(rf"(http://)?(localhost|127\.0\.0\.1):{usual}\b", stack.url(service), script)
    return script


def test_the_commands_of_the_platform(stack: Stack, tmp_path: Path) -> None:
    script = "\n".join(typed(block, stack) for block in blocks(README, "sh")).replace("curl -sS", "curl -sS --fail")
    told = shell(script, tmp_path, {"PATH": PATH, "ALERTING_URL": stack.url("rule-service")})
    assert "PaymentTimeout" in told
    assert '"alert_ids"' in told


@pytest.mark.parametrize("program", [*blocks(README, "python"), *blocks(guide("docs/index.md"), "python")])
def test_the_lines_of_the_library(program: str, tmp_path: Path) -> None:
    (tmp_path / "example.py").write_text(program)
    shell("python -W error example.py", tmp_path, {"PATH": PATH})


def test_every_verb_is_one() -> None:
    verbs = set(re.findall(r"^([a-z0-9-]+):.*##", guide("Makefile"), re.MULTILINE))
    told = set(re.findall(r"(?:^ {4}|`)make ([a-z][a-z0-9-]*)", README, re.MULTILINE))
    assert told
    assert told - verbs == set()
