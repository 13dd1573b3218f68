"""The wheel, in an environment of its own, run from another directory."""

import json
import re
import shutil
from pathlib import Path

import pytest

from fix_wheel import CHECKOUT, VERSION, Environment

README = CHECKOUT / "README.md"


@pytest.fixture
def example(environment: Environment) -> Path:
    """The README's first Python example, as a file."""
    block = re.search(r"^```python\n(.*?)^```$", README.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert block is not None, "README.md has no example"
    path = environment.elsewhere / "example.py"
    path.write_text(block[1], encoding="utf-8")
    return path


def test_only_numpy_comes_with_it(environment: Environment) -> None:
    installed = json.loads(environment.run("-m", "pip", "list", "--format", "json"))
    assert {package["name"].lower() for package in installed} - {"pip", "setuptools"} == {"matchcore", "numpy"}


def test_it_is_imported_from_the_environment(environment: Environment) -> None:
    found = environment.run("-c", "import matchcore; print(matchcore.__file__)")
    assert Path(found.strip()).is_relative_to(environment.root)


def test_the_compiled_implementation_is_active(environment: Environment) -> None:
    told = environment.run("-W", "error", "-c", "import matchcore; print(matchcore.__impl__, matchcore.__version__)")
    assert told.split() == ["cython", VERSION]


def test_the_readme_works_as_printed(environment: Environment, example: Path) -> None:
    if ">>>" in example.read_text(encoding="utf-8"):
        environment.run("-W", "error", "-m", "doctest", example)
    else:
        environment.run("-W", "error", example)


def test_the_unit_tests_pass(environment: Environment) -> None:
    environment.install("matchcore[arrow,test]")
    shutil.copy(CHECKOUT / "pyproject.toml", environment.elsewhere)
    shutil.copytree(CHECKOUT / "tests", environment.elsewhere / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    environment.run("-m", "pytest", "tests/unit/matchcore")
