"""The platform's wheel: what it holds, and that it runs where the checkout is not."""

import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

from fix_wheel import CHECKOUT, VERSION, Environment

PACKAGE = CHECKOUT / "services" / "alerting"
MADE = {"__pycache__", "ui_dist"}
DATA = {".sql", ".lua", ".csv", ".html", ".txt", ".xml", ".properties", ".md"}


@pytest.fixture(scope="module")
def names(platform_wheel: Path) -> set[str]:
    with zipfile.ZipFile(platform_wheel) as archive:
        return set(archive.namelist())


def test_it_holds_every_module_and_every_file_that_they_read(names: set[str]) -> None:
    files = [path for path in PACKAGE.rglob("*") if path.suffix in {".py", ".pyi"} | DATA]
    wanted = {str(path.relative_to(PACKAGE.parent)) for path in files if not MADE & set(path.parts)}
    migrations = {f"alerting/migrations/{path.name}" for path in (CHECKOUT / "migrations").glob("*.sql")}
    assert migrations
    assert (wanted | migrations | {"alerting/py.typed"}) - names == set()


def test_it_holds_the_ui_where_that_is_built(names: set[str]) -> None:
    assert {"alerting/ui_dist/index.html", "alerting/ui_dist/assets/stand-in.js"} <= names


def test_it_holds_nothing_of_the_library_or_the_tests(names: set[str]) -> None:
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"alerting"}


def test_it_requires_the_library_of_its_own_version(platform_wheel: Path) -> None:
    with zipfile.ZipFile(platform_wheel) as archive:
        (about,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        metadata = Parser().parsestr(archive.read(about).decode())
    assert metadata["Version"] == VERSION
    assert f"matchcore=={VERSION}" in metadata.get_all("Requires-Dist", [])


def test_it_runs_where_only_it_is_installed(environment: Environment, platform_wheel: Path) -> None:
    environment.install(str(platform_wheel))
    assert (
        environment.run("-m", "alerting", "version") == environment.run("-m", "alerting", "--version") == f"{VERSION}\n"
    )
    assert "evaluator" in environment.run("-m", "alerting", "--help")
    migrations = "importlib.resources.files('alerting').joinpath('migrations').iterdir()"
    listed = environment.run("-c", f"import importlib.resources; print(*(file.name for file in {migrations}))")
    assert "0001_initial.sql" in listed.split()
    built = "from alerting.rule_service.ui_files import is_built; print(is_built())"
    assert environment.run("-c", built).strip() == "True"
