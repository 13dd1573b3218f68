"""The CPythons of this machine that a wheel can be built for."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

OLDEST: Final = (3, 11)

_NAME: Final = re.compile(r"python3\.\d+t?")
_ASK: Final = """
import importlib.util, json, os, sys, sysconfig
print(json.dumps({
    "implementation": sys.implementation.name,
    "version": sys.version_info[:2],
    "free_threaded": bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
    "headers": os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h")),
    "venv": importlib.util.find_spec("ensurepip") is not None,
}))
"""


@dataclass(frozen=True)
class Interpreter:
    """A Python that has what a build needs."""

    executable: Path
    version: tuple[int, int]
    free_threaded: bool = False

    @property
    def tag(self) -> str:
        """Return the wheel's tag for it, such as ``cp314t``."""
        return f"cp{self.version[0]}{self.version[1]}{'t' if self.free_threaded else ''}"


def candidates(path: str) -> Iterator[Path]:
    """Name what is called like a Python on a search path, and then what pyenv has installed."""
    folders = [Path(folder) for folder in path.split(os.pathsep) if folder]
    for folder in [*folders, *_pyenv_folders()]:
        if folder.is_dir():
            yield from sorted(file for file in folder.iterdir() if _NAME.fullmatch(file.name))


def _pyenv_folders() -> Iterable[Path]:
    if shutil.which("pyenv") is None:
        return ()
    root = subprocess.run(["pyenv", "root"], capture_output=True, text=True, check=True).stdout.strip()
    return sorted(Path(root).glob("versions/*/bin"))


def ask(executable: Path) -> Mapping[str, object]:
    """Ask a Python about itself; one that does not even start, as pyenv's stand-ins may not, has nothing to say."""
    done = subprocess.run([executable, "-I", "-c", _ASK], capture_output=True, text=True, check=False)
    return json.loads(done.stdout) if done.returncode == 0 else {}


def usable(executable: Path, told: Mapping[str, object]) -> Interpreter | None:
    """Decide from what a Python told whether a wheel can be built for it and tried with it."""
    match told:
        case {"implementation": "cpython", "version": [int(major), int(minor)], "headers": True, "venv": True}:
            if (major, minor) >= OLDEST:
                return Interpreter(executable, (major, minor), told["free_threaded"] is True)
    return None


def interpreters(path: str | None = None) -> list[Interpreter]:
    """Return one Python for each tag, oldest first."""
    found: dict[str, Interpreter] = {}
    for executable in candidates(os.environ.get("PATH", "") if path is None else path):
        if (interpreter := usable(executable, ask(executable))) is not None:
            found.setdefault(interpreter.tag, interpreter)
    return sorted(found.values(), key=lambda each: (each.version, each.free_threaded))
