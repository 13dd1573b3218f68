import sys
from pathlib import Path

import pytest

from release.pythons import Interpreter, ask, candidates, interpreters, usable

PYTHON = Path("/somewhere/python3.13")
GOOD = {"implementation": "cpython", "version": [3, 13], "free_threaded": False, "headers": True, "venv": True}


def script(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    file.chmod(0o755)
    return file


def test_one_that_has_all_is_usable() -> None:
    assert usable(PYTHON, GOOD) == Interpreter(PYTHON, (3, 13))
    assert usable(PYTHON, {**GOOD, "version": [3, 11]}) == Interpreter(PYTHON, (3, 11))


@pytest.mark.parametrize(
    "told",
    [
        {},
        {**GOOD, "implementation": "pypy"},
        {**GOOD, "version": [3, 10]},
        {**GOOD, "version": [2, 7]},
        {**GOOD, "headers": False},
        {**GOOD, "venv": False},
    ],
)
def test_one_that_lacks_something_is_not(told: dict[str, object]) -> None:
    assert usable(PYTHON, told) is None


@pytest.mark.parametrize(
    ("version", "free_threaded", "tag"),
    [((3, 11), False, "cp311"), ((3, 14), False, "cp314"), ((3, 14), True, "cp314t")],
)
def test_the_tag_is_the_wheels(version: tuple[int, int], free_threaded: bool, tag: str) -> None:
    assert Interpreter(PYTHON, version, free_threaded).tag == tag


def test_candidates_are_called_like_a_python_with_a_minor_version(tmp_path: Path) -> None:
    for name in ("python3.12", "python3.14t", "python3", "python3.12-config", "python3.12-intel64", "pip3.12"):
        script(tmp_path, name, "exit 1")
    found = [path.name for path in candidates(str(tmp_path)) if path.parent == tmp_path]
    assert found == ["python3.12", "python3.14t"]


def test_a_folder_that_is_not_there_does_not_matter(tmp_path: Path) -> None:
    assert [path for path in candidates(str(tmp_path / "none")) if path.parent == tmp_path / "none"] == []


def test_this_python_tells_about_itself() -> None:
    told = ask(Path(sys.executable))
    assert told["implementation"] == "cpython"
    assert told["version"] == list(sys.version_info[:2])


def test_what_does_not_start_has_nothing_to_say(tmp_path: Path) -> None:
    assert ask(script(tmp_path, "python3.12", "echo 'command not found' >&2; exit 127")) == {}


def test_each_tag_has_one_python_and_the_first_on_the_path_is_taken(tmp_path: Path) -> None:
    told = '{"implementation": "cpython", "version": [3, 99], "free_threaded": false, "headers": true, "venv": true}'
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        folder.mkdir()
        script(folder, "python3.99", f"echo '{told}'")
    found = [each for each in interpreters(":".join(map(str, folders))) if each.tag == "cp399"]
    assert found == [Interpreter(folders[0] / "python3.99", (3, 99))]
