"""Pieces of Markdown."""

import re
from collections.abc import Iterable, Sequence

NOTHING = "–"


def cell(text: str) -> str:
    """Return a text that stays within its cell."""
    return re.sub(r"[ \t\n]+", " ", text.replace("|", "\\|")).strip()


def code(text: str) -> str:
    """Return a text as code, which may have backticks of its own."""
    mark = "``" if "`" in text else "`"
    return f"{mark}{text}{mark}"


def fence(language: str, text: str) -> str:
    """Return lines as a block of code."""
    return f"```{language}\n{text.rstrip()}\n```"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table, or nothing when it has no rows."""
    lines = [f"| {' | '.join(cell(each) for each in row)} |" for row in rows]
    if not lines:
        return ""
    return "\n".join([f"| {' | '.join(heads)} |", "|---" * len(heads) + "|", *lines, ""])


def page(*parts: str) -> str:
    """Join parts, with an empty line between two of them."""
    return "\n\n".join(part.strip("\n") for part in parts if part) + "\n"
