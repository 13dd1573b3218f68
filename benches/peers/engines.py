"""How the other engines' programs are built.

Nothing of them is kept in the repository: the language's own client fetches the pinned version from its registry, and
everything is built in a temporary folder.
"""

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

__all__ = ["ENGINES", "Engine", "UnavailableError"]

_HERE: Final = Path(__file__).parent
_LONGEST_BUILD: Final = 600.0


class UnavailableError(Exception):
    """An engine that cannot be built here, and why."""


@dataclass(frozen=True)
class Engine:
    """A program that takes RULES EVENTS ROUNDS SECONDS.

    Parameters
    ----------
    name
        As it is printed.
    build
        Makes the program in a folder, from a checkout of the engine if one is given, and returns its command line.
    """

    name: str
    build: Callable[[Path, str], list[str]]


def _quamina(folder: Path, checkout: str) -> list[str]:
    go = _tool("go")
    shutil.copytree(_HERE / "quamina", folder / "source")
    if checkout:
        _run([go, "mod", "edit", f"-replace=quamina.net/go/quamina/v2={Path(checkout).resolve()}"], folder / "source")
    _run([go, "build", "-mod=mod", "-o", str(folder / "quamina"), "."], folder / "source")
    return [str(folder / "quamina")]


def _event_ruler(folder: Path, _: str) -> list[str]:
    maven, java = _tool("mvn"), _tool("java")
    _run([maven, "-q", "-B", "compile", f"-DoutputFolder={folder}"], _HERE / "event_ruler")
    libraries = (folder / "classpath").read_text(encoding="utf-8").strip()
    return [
        java,
        "-XX:+UseSerialGC",
        "-cp",
        os.pathsep.join([str(folder / "classes"), libraries]),
        "benches.EventRuler",
    ]


def _tool(name: str) -> str:
    if (path := shutil.which(name)) is None:
        raise UnavailableError(f"`{name}` is not installed")
    return path


def _run(command: list[str], folder: Path) -> None:
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, timeout=_LONGEST_BUILD)
    except subprocess.CalledProcessError as error:
        said = (error.stderr.strip() or error.stdout.strip()).splitlines()
        raise UnavailableError(
            f"`{Path(command[0]).name} {command[1]}` failed: {said[-1] if said else error}"
        ) from error
    except subprocess.TimeoutExpired as error:
        raise UnavailableError(f"`{Path(command[0]).name} {command[1]}` took over {_LONGEST_BUILD:.0f} s") from error


ENGINES: Final = (Engine("Quamina", _quamina), Engine("Event Ruler", _event_ruler))
