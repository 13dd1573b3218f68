"""What the pages of docs/ and the README tell people to type."""

import os
import re
import subprocess
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]


def guide(path: str) -> str:
    """Return the text of a page, by its path in the checkout."""
    return (CHECKOUT / path).read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    """Return a page's blocks of one language in their order, those in lists too."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^\1```$", text, re.MULTILINE | re.DOTALL)
    return [textwrap.dedent(block) for _, block in found]


def shell(script: str, cwd: Path, env: Mapping[str, str], *, seconds: float = 60) -> str:
    """Run commands as a reader would, up to the first that fails; return what they printed."""
    done = _bash(script, cwd, env, stderr=subprocess.PIPE, seconds=seconds)
    assert done.returncode == 0, f"{script}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def _bash(
    script: str, cwd: Path, env: Mapping[str, str], *, stderr: int, answer: str | None = None, seconds: float = 60
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=cwd,
        env={**os.environ, **env},
        input=answer,
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        timeout=seconds,
        check=False,
    )


def commands(text: str) -> list[str]:
    """Return the lines of a page's shell blocks in their order, without what is said about them."""
    lines = "".join(blocks(text, "sh")).splitlines()
    return [command for line in lines if (command := re.sub(r"(^|\s+)# .*", "", line))]


def spans(text: str) -> list[str]:
    """Return what is between single backticks."""
    return re.findall("`([^`]+)`", re.sub("^ *```.*?^ *```$", "", text, flags=re.MULTILINE | re.DOTALL))


@dataclass
class Page:
    """A page's commands, which are typed in their order and as they stand there."""

    left: list[str]
    folder: Path
    places: Mapping[str, str]
    """What stands for an address, with the address."""

    def tells(self, command: str) -> None:
        """Fail unless this is the next command."""
        assert self.left, f"the page does not tell to type {command}"
        told = self.left.pop(0)
        assert told == command, f"the page tells to type {told}, and not {command}"

    def types(
        self,
        command: str,
        env: Mapping[str, str],
        *,
        filled: Mapping[str, str] | None = None,
        exits: int = 0,
        answer: str = "",
    ) -> str:
        """Type the next command, which has to be this one; return what it said.

        `filled` is what the reader puts in the place of something else; `answer` is typed when the command asks.
        """
        self.tells(command)
        script = command
        for place, meant in {**self.places, **(filled or {})}.items():
            script = script.replace(place, meant)
        done = _bash(script, self.folder, env, stderr=subprocess.STDOUT, answer=answer, seconds=120)
        assert done.returncode == exits, f"{script}\nexit {done.returncode}\n{done.stdout}"
        return done.stdout
