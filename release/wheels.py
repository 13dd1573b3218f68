"""``python -m release.wheels``: everything that a release publishes, as far as this machine can build it.

The library's sdist, its wheel for each CPython found, and the platform's wheel, in dist/: built, repaired, checked, and
each installed and used in an environment of its own.
"""

import argparse
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from release import build
from release.contents import Wheel, library_faults, platform_faults
from release.environment import CHECKOUT, CommandError, Environment, run
from release.pythons import Interpreter, interpreters
from release.trial import try_library, try_platform

_DIST: Final = CHECKOUT / "dist"
_WORK: Final = CHECKOUT / "build" / "wheels"


class UnfitError(Exception):
    """A wheel that must not be published."""


def main() -> None:
    """Run the command."""
    arguments = _arguments()
    pythons = [each for each in interpreters() if arguments.only is None or each.tag in arguments.only.split(",")]
    if not pythons:
        raise SystemExit("no CPython with its headers was found: 3.11 or newer, on the PATH or with pyenv")
    for folder in (_DIST, _WORK):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    try:
        _make(pythons)
    except (CommandError, UnfitError, ValueError) as error:
        raise SystemExit(str(error)) from error


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make wheels", description=__doc__)
    parser.add_argument("--only", metavar="TAGS", help="build for these Pythons only, such as cp311,cp314t")
    return parser.parse_args()


def _make(pythons: Iterable[Interpreter]) -> None:
    # First, because it can be refused at once.
    platform = build.platform_wheel(_DIST)
    version = _fit(platform, platform_faults(Wheel.read(platform)))
    source = build.sdist(_DIST)
    for python in pythons:
        _library(source, python, version)
    for checked in (
        ("twine", "check", "--strict"),
        ("check_wheel_contents", "--config", str(CHECKOUT / "pyproject.toml")),
    ):
        run(sys.executable, "-m", *checked, *map(str, sorted(_DIST.glob("*.whl"))))
    _say(platform, f"alerting --version: {try_platform(platform, version, next(iter(pythons)), _work('platform'))}")


def _library(source: Path, python: Interpreter, version: str) -> None:
    work = _work(python.tag)
    raw = build.library_wheel(source, Environment.make(python.executable, work / "build"), work)
    wheel = build.repaired(raw, _DIST)
    if _fit(wheel, library_faults(Wheel.read(wheel))) != version:
        raise UnfitError(f"{wheel.name} is not of version {version}")
    _say(wheel, try_library(wheel, python, work))


def _fit(wheel: Path, faults: Iterable[str]) -> str:
    if found := list(faults):
        raise UnfitError(f"{wheel.name} {'; '.join(found)}")
    return Wheel.read(wheel).version


def _work(name: str) -> Path:
    folder = _WORK / name
    folder.mkdir()
    return folder


def _say(wheel: Path, result: str) -> None:
    sys.stdout.write(f"{wheel.name}  {wheel.stat().st_size / 1024:,.0f} KiB  {result}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
