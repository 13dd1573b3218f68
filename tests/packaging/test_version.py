"""The tag is the version of both distributions, and is written nowhere else."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from fix_wheel import CHECKOUT, VERSION, run

FOLDERS = (".", "services")
TAG = "v47.11.0"


def git(clone: Path, *arguments: str) -> str:
    return run(["git", "-c", "user.name=test", "-c", "user.email=test@localhost", *arguments], cwd=clone)


def versions(copy: Path) -> set[str]:
    """Ask for the version that a build of either distribution would have."""
    return {run([sys.executable, "-m", "setuptools_scm"], cwd=copy / folder).strip() for folder in FOLDERS}


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone without tags, as CI has it."""
    run(["git", "clone", "--quiet", "--no-tags", CHECKOUT, tmp_path / "clone"], cwd=tmp_path)
    return tmp_path / "clone"


def test_it_is_the_tags(clone: Path) -> None:
    git(clone, "tag", TAG)
    assert versions(clone) == {"47.11.0"}


def test_a_commit_after_the_tag_leads_to_the_next_version(clone: Path) -> None:
    git(clone, "tag", TAG)
    git(clone, "commit", "--quiet", "--allow-empty", "--message", "more")
    (version,) = versions(clone)
    assert version.startswith("47.11.1.dev1+g")


def test_without_tags_it_is_older_than_any_release_and_names_the_commit(clone: Path) -> None:
    (version,) = versions(clone)
    assert version.startswith(f"{VERSION[:-1]}1.dev")
    assert git(clone, "rev-parse", "HEAD").startswith(version.partition("+g")[2])


def test_the_archive_of_a_tag_knows_it(clone: Path, tmp_path: Path) -> None:
    git(clone, "tag", TAG)
    with subprocess.Popen(["git", "archive", TAG], cwd=clone, stdout=subprocess.PIPE) as archive:
        subprocess.run(["tar", "-x"], cwd=tmp_path, stdin=archive.stdout, check=True)
    assert versions(tmp_path) == {"47.11.0"}


@pytest.mark.parametrize("folder", FOLDERS)
def test_it_is_written_nowhere_else(folder: str) -> None:
    project = tomllib.loads((CHECKOUT / folder / "pyproject.toml").read_text("utf-8"))
    assert "version" not in project["project"]
    assert project["tool"]["setuptools_scm"]["fallback_version"] == VERSION
