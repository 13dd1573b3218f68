"""What the distributions hold, and what they require."""

import sys
import sysconfig
import tarfile
import zipfile
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest

from fix_wheel import CHECKOUT, VERSION

LIBRARY = CHECKOUT / "matchcore"
RELEASE = f"matchcore-{VERSION}"


def sources(*suffixes: str) -> set[str]:
    """Name the library's files of some kinds."""
    return {f"matchcore/{path.name}" for path in LIBRARY.iterdir() if path.suffix in suffixes}


def extensions() -> set[str]:
    """Name the files that this Python's compiler makes of the .pyx."""
    suffix = sysconfig.get_config_var("EXT_SUFFIX")
    return {f"matchcore/{path.stem}{suffix}" for path in LIBRARY.glob("*.pyx")}


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> Message:
    """The wheel's METADATA."""
    with zipfile.ZipFile(wheel) as archive:
        return Parser().parsestr(archive.read(f"{RELEASE}.dist-info/METADATA").decode())


def test_the_wheel_holds_the_library_and_nothing_else(wheel: Path) -> None:
    library = sources(".py", ".pyi", ".pxd", ".h") | extensions() | {"matchcore/py.typed"}
    about = {"METADATA", "RECORD", "WHEEL", "licenses/LICENSE", "top_level.txt"}
    with zipfile.ZipFile(wheel) as archive:
        assert set(archive.namelist()) == library | {f"{RELEASE}.dist-info/{name}" for name in about}


def test_the_wheel_is_for_this_python(wheel: Path) -> None:
    assert f"-cp{sys.version_info.major}{sys.version_info.minor}-" in wheel.name


def test_the_wheel_requires_numpy_at_most(metadata: Message) -> None:
    requirements = [line for line in metadata.get_all("Requires-Dist", []) if "extra ==" not in line]
    assert [line for line in requirements if not line.startswith("numpy")] == []


def test_the_metadata_is_that_of_pyproject(metadata: Message) -> None:
    assert metadata["Name"] == "matchcore"
    assert metadata["Version"] == VERSION
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata["Description-Content-Type"] == "text/markdown"


def test_the_sdist_holds_the_sources(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        names = {name.removeprefix(f"{RELEASE}/") for name in archive.getnames()}
    assert sources(".py", ".pyx", ".pxd", ".pyi", ".h") | {"matchcore/py.typed"} <= names
    assert {"LICENSE", "README.md", "CHANGELOG.md", "pyproject.toml", "setup.py", "tests/conftest.py"} <= names
    assert {name for name in names if name.endswith((".c", ".so", ".pyd", ".html", ".pyc"))} == set()
    assert {name.partition("/")[0] for name in names} & {"services", "ui", "benches", "build", ".venv"} == set()
