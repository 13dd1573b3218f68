"""The documentation site, built as `make docs` builds it."""

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

import matchcore
from fix_wheel import CHECKOUT

LOADED = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src"}


class Loads(HTMLParser):
    """What a page has a browser fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        address = given.get(LOADED.get(tag, ""))
        if address and given.get("rel") not in {"canonical", "prev", "next"}:
            self.addresses.add(address)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "--quiet", "build", "--strict", "--site-dir", str(folder)]
    env = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=CHECKOUT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


def test_every_page_of_the_checkout_is_on_it(site: Path) -> None:
    pages = {path.relative_to(CHECKOUT / "docs").with_suffix(".html") for path in (CHECKOUT / "docs").rglob("*.md")}
    assert {page for page in pages if not (site / page).exists()} == set()
    assert (site / "reference" / "configuration.html").exists()


def test_it_fetches_nothing_from_elsewhere(site: Path) -> None:
    for page in site.rglob("*.html"):
        loads = Loads()
        loads.feed(page.read_text(encoding="utf-8"))
        assert loads.addresses, page
        assert {each for each in loads.addresses if re.match(r"(https?:)?//", each)} == set(), page
    for sheet in site.rglob("*.css"):
        assert not re.search(r"(url\(|@import )['\"]?(https?:)?//", sheet.read_text(encoding="utf-8")), sheet


def test_the_librarys_reference_has_what_is_in_the_package(site: Path) -> None:
    page = (site / "reference" / "library.html").read_text(encoding="utf-8")
    for name in set(matchcore.__all__) - {"WILDCARD", "__impl__", "__version__"}:
        assert re.search(rf'<h[23] id="matchcore\.[\w.]*\b{name}"', page), name
    assert "Find the rules that an event matches" in page
