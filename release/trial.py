"""A wheel installed where nothing else is, and used there."""

import shutil
from pathlib import Path

from release.environment import CHECKOUT, Environment, run
from release.pythons import Interpreter


def try_library(wheel: Path, interpreter: Interpreter, work: Path) -> str:
    """Run the unit tests against the wheel, far from the checkout; return pytest's last line."""
    environment = Environment.make(interpreter.executable, work / "environment")
    # polars has no wheels for a Python without the GIL.
    environment.install(f"{wheel}[{'test' if interpreter.free_threaded else 'arrow,test'}]")
    elsewhere = work / "elsewhere"
    shutil.rmtree(elsewhere, ignore_errors=True)
    shutil.copytree(CHECKOUT / "tests", elsewhere / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(CHECKOUT / "pyproject.toml", elsewhere)
    told = run(environment.python, "-m", "pytest", "--quiet", "tests/unit/matchcore", cwd=elsewhere)
    return told.strip().rpartition("\n")[2]


def try_platform(wheel: Path, version: str, interpreter: Interpreter, work: Path) -> str:
    """Install the platform beside the library that was built with it; return what it calls itself."""
    environment = Environment.make(interpreter.executable, work / "environment")
    environment.install("--find-links", str(wheel.parent), str(wheel))
    command = environment.python.with_name("alerting")
    told = run(command, "--version", cwd=work).strip()
    if told != version:
        raise ValueError(f"{wheel.name} calls itself {told}")
    return told
