"""The sdist, the wheel that is built from it, the platform's wheel, and an environment with nothing else in it.

Everything starts from a copy of the checkout without what was ever built there, as if cloned.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[1]
VERSION = "0.0.0"  # what a copy without history calls itself
MADE = shutil.ignore_patterns(".*", "build", "dist", "*.egg-info", "__pycache__", "*.c", "*.so", "*.pyd", "*.html")


def run(command: Sequence[str | Path], cwd: Path) -> str:
    """Run a command as a newcomer would, without this process's Python settings; return what it printed."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "MATCHCORE_"))}
    done = subprocess.run(command, cwd=cwd, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@dataclass(frozen=True)
class Environment:
    """A virtual environment, and a directory far from the checkout to run it in."""

    root: Path
    elsewhere: Path

    def run(self, *arguments: str | Path) -> str:
        """Run the environment's Python; return what it printed."""
        python = self.root / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        return run([python, *arguments], cwd=self.elsewhere)

    def install(self, requirement: str) -> None:
        """Install at the versions of constraints.txt."""
        self.run("-m", "pip", "install", "--quiet", "--constraint", CHECKOUT / "constraints.txt", requirement)


@pytest.fixture(scope="session")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the source distribution."""
    clone = tmp_path_factory.mktemp("clone") / "matchcore"
    shutil.copytree(CHECKOUT, clone, ignore=MADE)
    out = tmp_path_factory.mktemp("sdist")
    run([sys.executable, "-m", "build", "--no-isolation", "--sdist", "--outdir", out], cwd=clone)
    (found,) = out.iterdir()
    return found


@pytest.fixture(scope="session")
def wheel(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel, from the sdist."""
    out = tmp_path_factory.mktemp("wheel")
    run([sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", sdist], cwd=out)
    (found,) = out.iterdir()
    return found


@pytest.fixture(scope="session")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """Make an environment into which only the wheel is installed."""
    root = tmp_path_factory.mktemp("environment")
    run([sys.executable, "-m", "venv", root], cwd=root)
    made = Environment(root, tmp_path_factory.mktemp("elsewhere"))
    made.install(str(wheel))
    return made


@pytest.fixture(scope="session")
def platform_wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the platform's wheel, from a copy of its folder and of the migrations that it links to.

    The UI in it is a page and a script that stand for what Node would build.
    """
    clone = tmp_path_factory.mktemp("platform")
    unwanted = shutil.ignore_patterns("build", "*.egg-info", "__pycache__", "ui_dist")
    shutil.copytree(CHECKOUT / "services", clone / "services", symlinks=True, ignore=unwanted)
    shutil.copytree(CHECKOUT / "migrations", clone / "migrations")
    assets = clone / "services" / "alerting" / "ui_dist" / "assets"
    assets.mkdir(parents=True)
    (assets.parent / "index.html").write_text("<!doctype html><title>stand-in</title>", encoding="utf-8")
    (assets / "stand-in.js").write_text("export {}", encoding="utf-8")
    out = tmp_path_factory.mktemp("platform-wheel")
    run([sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", clone / "services"], cwd=out)
    (found,) = out.iterdir()
    return found
