"""READMEs of the checkout that are pages of the site, too."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

CHECKOUT: Final = Path(__file__).parents[1]
DOCS: Final = CHECKOUT / "docs"

PAGES: Final[Mapping[str, str]] = {
    "deploy/compose.md": "deploy/README.md",
    "deploy/aws.md": "deploy/terraform/README.md",
}
"""Where each of them is on the site."""

_LINK: Final = re.compile(r"(?<!!)\[([^\]]+)\]\(([^)#\s:]+)(#[^)\s]*)?\)")


def pages() -> dict[str, str]:
    """Return the pages that there are, with their links as they have to be on the site."""
    return {page: _moved(page, CHECKOUT / readme) for page, readme in PAGES.items() if (CHECKOUT / readme).exists()}


def named(words: str, target: Path) -> str:
    """Return what stands for a link to a file that is not on the site: its name."""
    return words if words.startswith("`") else f"`{target.relative_to(CHECKOUT)}`"


def _moved(page: str, readme: Path) -> str:
    def link(found: re.Match[str]) -> str:
        words, path, anchor = found.groups()
        target = (readme.parent / path).resolve()
        if target.is_relative_to(DOCS):
            there = target.relative_to(DOCS)
        elif (other := _page_of(target)) is not None:
            there = Path(other)
        else:
            return named(words, target)
        return f"[{words}]({os.path.relpath(there, Path(page).parent)}{anchor or ''})"

    return _LINK.sub(link, readme.read_text(encoding="utf-8"))


def _page_of(target: Path) -> str | None:
    return next(
        (page for page, readme in PAGES.items() if target in {CHECKOUT / readme, (CHECKOUT / readme).parent}), None
    )
