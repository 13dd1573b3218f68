"""An empty environment of some Python, and commands run in it."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

CHECKOUT: Final = Path(__file__).parents[1]
_CONSTRAINTS: Final = CHECKOUT / "constraints.txt"


class CommandError(Exception):
    """A command failed; the message has what it printed."""


def run(*command: str | Path, cwd: Path = CHECKOUT, environ: Mapping[str, str] = MappingProxyType({})) -> str:
    """Run a command without this process's Python settings; return what it printed."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "MATCHCORE_"))}
    done = subprocess.run(
        command,
        cwd=cwd,
        env={**kept, **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CommandError(f"{' '.join(map(str, command))}\n{done.stdout}")
    return done.stdout


@dataclass(frozen=True)
class Environment:
    """A virtual environment, which is made anew."""

    root: Path

    @classmethod
    def make(cls, executable: Path, root: Path) -> "Environment":
        """Make one in a folder, in place of what is there."""
        run(executable, "-m", "venv", "--clear", root)
        return cls(root)

    @property
    def python(self) -> Path:
        """Return its Python."""
        return self.root / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")

    def install(self, *arguments: str) -> None:
        """Install at the versions of constraints.txt."""
        pip = (self.python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet")
        run(*pip, "--constraint", _CONSTRAINTS, *arguments)
