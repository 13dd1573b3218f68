"""The workflows of .github: what they run exists, what they use is pinned, and they may do what they have to."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

ROOT = Path(__file__).parents[2]
GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
FILES = [*WORKFLOWS, *sorted((GITHUB / "actions").glob("*/action.yml"))]
VERBS = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
USES = re.compile(r"^ *(?:- )?uses: (?P<action>\S+?)(?:@(?P<ref>\S+))?(?: +# (?P<comment>.*))?$", re.MULTILINE)
MAKE = re.compile(r"\bmake\b(?P<arguments>[^|;&>\n]*)")

EVERYTHING = {"bench-compare", "docs", "image", "lint", "proto-breaking", "sanitize", "terraform", "test", "types"} | {
    "test-freethreaded",
    "ui",
    "ui-e2e",
    "ui-test",
    "wheels",
}


def named(path: Path) -> str:
    return path.relative_to(GITHUB).as_posix()


def read(path: Path) -> dict[Any, Any]:
    """Read a file; PyYAML takes the key `on` for a truth."""
    loaded: dict[Any, Any] = yaml.safe_load(path.read_text("utf-8"))
    return {"on" if key is True else key: value for key, value in loaded.items()}


def jobs(path: Path) -> Mapping[str, dict[str, Any]]:
    made: Mapping[str, dict[str, Any]] = read(path)["jobs"]
    return made


def steps(path: Path) -> Iterator[dict[str, Any]]:
    loaded = read(path)
    for job in loaded.get("jobs", {"": loaded.get("runs", {})}).values():
        yield from job.get("steps", [])


def verbs(script: str) -> Iterator[str]:
    """Name what a script asks of make."""
    for call in MAKE.finditer(script):
        words = re.sub(r'"[^"]*"', "", call["arguments"]).split()
        yield from (word for word in words if "=" not in word and not word.startswith("-"))


def pinned() -> Iterator[re.Match[str]]:
    """Find each use of another's action."""
    for path in FILES:
        yield from (use for use in USES.finditer(path.read_text("utf-8")) if not use["action"].startswith("./"))


def test_there_are_workflows_for_changes_wheels_and_releases() -> None:
    assert {path.name for path in WORKFLOWS} == {"ci.yml", "release.yml", "wheels.yml"}


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ("make lint", ["lint"]),
        ("make ui ui-test", ["ui", "ui-test"]),
        ('make test-freethreaded PYTHON_FT="$PYTHON_FT"', ["test-freethreaded"]),
        ('make wheels sbom ARGS="--only cp313"', ["wheels", "sbom"]),
        ('make --silent release-notes TAG="$TAG" > notes.md', ["release-notes"]),
        ("cmake build", []),
    ],
)
def test_verbs_are_found_in_scripts(script: str, found: list[str]) -> None:
    assert list(verbs(script)) == found


@pytest.mark.parametrize("path", FILES, ids=named)
def test_every_verb_exists(path: Path) -> None:
    asked = {verb for step in steps(path) for verb in verbs(step.get("run", ""))}
    assert asked - VERBS == set()


def test_a_change_is_put_through_everything() -> None:
    asked = {verb for step in steps(GITHUB / "workflows" / "ci.yml") for verb in verbs(step.get("run", ""))}
    assert asked >= EVERYTHING


def test_the_one_check_waits_for_all_others() -> None:
    found = dict(jobs(GITHUB / "workflows" / "ci.yml"))
    assert set(found.pop("passed")["needs"]) == set(found)


def test_every_action_is_pinned_by_its_commit_with_its_version_beside_it() -> None:
    uses = list(pinned())
    assert uses
    wrong = [use[0].strip() for use in uses if not re.fullmatch(r"[0-9a-f]{40}", use["ref"] or "")]
    assert wrong == []
    assert [use[0].strip() for use in uses if not re.fullmatch(r"v\d+(\.\d+)*", use["comment"] or "")] == []


def test_an_action_is_of_one_version_everywhere() -> None:
    used = {(use["action"], use["ref"], use["comment"]) for use in pinned()}
    assert len(used) == len({action for action, _, _ in used})


@pytest.mark.parametrize("path", WORKFLOWS, ids=named)
def test_a_workflow_may_read_and_no_more(path: Path) -> None:
    assert read(path)["permissions"] in ({}, {"contents": "read"})


@pytest.mark.parametrize("path", WORKFLOWS, ids=named)
def test_what_a_pull_request_starts_has_no_rights_and_no_secrets(path: Path) -> None:
    assert "pull_request_target" not in read(path)["on"]
    if "pull_request" in read(path)["on"]:
        assert "secrets." not in path.read_text("utf-8")
        assert [job for job in jobs(path).values() if "write" in job.get("permissions", {}).values()] == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=named)
def test_every_job_ends_some_time(path: Path) -> None:
    assert [name for name, job in jobs(path).items() if "uses" not in job and "timeout-minutes" not in job] == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=named)
def test_runs_of_the_same_thing_do_not_meet(path: Path) -> None:
    assert "group" in read(path)["concurrency"]


@pytest.mark.parametrize("path", FILES, ids=named)
def test_no_checkout_leaves_its_token_behind(path: Path) -> None:
    checkouts = [step for step in steps(path) if step.get("uses", "").startswith("actions/checkout@")]
    assert [step for step in checkouts if step.get("with", {}).get("persist-credentials") is not False] == []


@pytest.mark.parametrize("path", FILES, ids=named)
def test_no_script_has_an_expression_written_into_it(path: Path) -> None:
    """What comes from outside reaches a script by its environment, where a shell does not read it as its own."""
    assert [step["run"] for step in steps(path) if "${{" in step.get("run", "")] == []


def test_only_a_release_gets_an_identity() -> None:
    asking = {
        path.name for path in WORKFLOWS for job in jobs(path).values() if "id-token" in job.get("permissions", {})
    }
    assert asking == {"release.yml"}


def test_a_release_caches_nothing() -> None:
    assert [step for step in steps(GITHUB / "workflows" / "release.yml") if "cache" in step.get("with", {})] == []
