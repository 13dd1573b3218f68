"""The alerting rules: each tried by promtool, each with a page that says what to do."""

import re
import shlex
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml  # type: ignore[import-untyped]

from alerting.cli.main import app
from deploy.grafana.generator.__main__ import ROOT
from deploy.grafana.generator.tables import alerts
from fix_promql import grouped

RULES = ROOT / "deploy/grafana/rules/alerting.yaml"
CASES = sorted(Path(__file__).parent.glob("*.test.yaml"))
RUNBOOKS = ROOT / "docs/runbooks"
NAMES = sorted({rule["alert"] for rule in alerts()})
SECTIONS = ["What it means", "What it does", "Find the cause", "What to do", "It is over when"]

each_rule = pytest.mark.parametrize("rule", alerts(), ids=lambda rule: f"{rule['alert']} {rule['labels']['severity']}")
each_name = pytest.mark.parametrize("name", NAMES)


def test_promtool_takes_the_rules(program: Callable[[str], str]) -> None:
    done = subprocess.run([program("promtool"), "check", "rules", RULES], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_each_is_silent_and_fires_when_it_should(program: Callable[[str], str]) -> None:
    done = subprocess.run([program("promtool"), "test", "rules", *CASES], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


TESTS = [test for path in CASES for test in yaml.safe_load(path.read_text())["tests"]]


@each_rule
def test_each_is_tried(rule: dict[str, Any]) -> None:
    fired = [
        sample["labels"] for test in TESTS for asked in test["promql_expr_test"] for sample in asked["exp_samples"]
    ]
    assert f'{{alertname="{rule["alert"]}", severity="{rule["labels"]["severity"]}"}}' in fired


@pytest.mark.parametrize("test", TESTS, ids=lambda test: test["name"])
def test_a_case_sees_silence(test: dict[str, Any]) -> None:
    assert [] in [asked["exp_samples"] for asked in test["promql_expr_test"]]


@each_rule
def test_it_says_what_is_the_matter(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in {"critical", "warning"}
    assert set(rule["annotations"]) == {"summary", "description", "runbook_url"}
    assert rule["annotations"]["runbook_url"] == f"runbooks/{rule['alert']}.html"
    assert rule["annotations"]["description"].endswith(".")


@each_rule
def test_it_names_only_labels_that_the_alert_has(rule: dict[str, Any]) -> None:
    named = set(re.findall(r"\$labels\.(\w+)", " ".join(rule["annotations"].values())))
    aggregated = re.search(r"\b(sum|max|min|count)\b", rule["expr"]) and "scalar" not in rule["expr"]
    assert named <= grouped(rule["expr"]) | (set() if aggregated else {"job", "instance"})


@each_name
def test_each_has_a_page_with_the_same_parts(name: str) -> None:
    text = (RUNBOOKS / f"{name}.md").read_text()
    assert text.startswith(f"# {name}\n")
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == SECTIONS


def test_no_page_is_about_nothing_and_the_index_has_all() -> None:
    assert sorted(path.stem for path in RUNBOOKS.glob("*.md") if path.stem != "index") == NAMES
    index = (RUNBOOKS / "index.md").read_text()
    assert sorted(set(re.findall(r"\]\((\w+)\.md\)", index))) == NAMES


def commands(text: str) -> Iterator[list[str]]:
    """Yield the commands of ours in the blocks of a page."""
    for block in re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        for line in block.splitlines():
            words = shlex.split(line, comments=True)
            if words[:1] == ["alerting"]:
                yield words[1:]


COMMANDS = [words for path in sorted(RUNBOOKS.glob("*.md")) for words in commands(path.read_text())]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_command_of_a_page_is_one(words: list[str]) -> None:
    command: Any = typer.main.get_command(app)
    context = typer.Context(command, info_name="alerting")
    while hasattr(command, "get_command"):
        found = command.get_command(context, words[0])
        assert found is not None, words
        context = typer.Context(found, parent=context, info_name=words[0])
        command, words = found, words[1:]
    command.parse_args(context, words)


def test_pages_have_commands() -> None:
    assert len(COMMANDS) > len(NAMES)
