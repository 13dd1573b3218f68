"""What the pages of docs/ and the README tell people to type."""

import os
import re
import subprocess
import textwrap
from collections.abc import Mapping
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
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=cwd,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    assert done.returncode == 0, f"{script}\n{done.stdout}\n{done.stderr}"
    return done.stdout
