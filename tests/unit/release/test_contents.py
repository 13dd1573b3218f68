import zipfile
from collections.abc import Collection
from pathlib import Path

import pytest

from release.contents import Wheel, library_faults, platform_faults

EXTENSIONS = [path.stem for path in (Path(__file__).parents[3] / "matchcore").glob("*.pyx")]
COMPILED = [f"matchcore/{name}.cpython-311-x86_64-linux-gnu.so" for name in EXTENSIONS]
UI = "alerting/ui_dist/index.html"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def wheel(folder: Path, name: str, files: Collection[str], *requires: str) -> Wheel:
    """Write a wheel of empty files, and read it."""
    path = folder / f"{name}-1.2.0-py3-none-any.whl"
    lines = [f"Name: {name}", "Version: 1.2.0", *(f"Requires-Dist: {line}" for line in requires)]
    with zipfile.ZipFile(path, "w") as archive:
        for file in files:
            archive.writestr(file, "")
        archive.writestr(f"{name}-1.2.0.dist-info/METADATA", "\n".join(lines) + "\n")
    return Wheel.read(path)


def test_it_reads_the_version(folder: Path) -> None:
    assert wheel(folder, "matchcore", ["matchcore/__init__.py"]).version == "1.2.0"


def test_a_library_with_all_its_extensions_is_fit(folder: Path) -> None:
    assert EXTENSIONS
    assert list(library_faults(wheel(folder, "matchcore", ["matchcore/__init__.py", *COMPILED]))) == []


def test_a_library_without_an_extension_is_not(folder: Path) -> None:
    (fault,) = library_faults(wheel(folder, "matchcore", ["matchcore/__init__.py", *COMPILED[1:]]))
    assert fault == f"lacks the compiled {EXTENSIONS[0]}"


def test_a_library_with_something_beside_it_is_not(folder: Path) -> None:
    (fault,) = library_faults(wheel(folder, "matchcore", ["tests/conftest.py", *COMPILED]))
    assert fault == "holds matchcore, tests instead of matchcore alone"


def test_a_platform_with_its_ui_and_its_library_is_fit(folder: Path) -> None:
    made = wheel(folder, "alerting", ["alerting/__init__.py", UI], "rich>=15", "matchcore==1.2.0")
    assert list(platform_faults(made)) == []


@pytest.mark.parametrize(
    ("files", "requires", "fault"),
    [
        (["alerting/__init__.py"], "matchcore==1.2.0", "lacks the UI: make ui"),
        ([UI], "matchcore==1.1.0", "does not require matchcore 1.2.0"),
        ([UI], "matchcore>=1.2.0", "does not require matchcore 1.2.0"),
        ([UI, "migrations/1.sql"], "matchcore==1.2.0", "holds alerting, migrations instead of alerting alone"),
    ],
)
def test_a_platform_that_lacks_something_is_not(folder: Path, files: list[str], requires: str, fault: str) -> None:
    assert list(platform_faults(wheel(folder, "alerting", files, requires))) == [fault]
