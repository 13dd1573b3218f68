"""What is done to pages before they are made into HTML."""

import logging
from pathlib import Path

import pytest
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File
from mkdocs.structure.pages import Page

from docsite.hooks import on_config, on_page_markdown
from fix_guide import CHECKOUT


@pytest.fixture
def page() -> Page:
    config = MkDocsConfig()
    config.load_dict({"site_name": "x", "docs_dir": str(CHECKOUT / "docs")})
    config.validate()
    return Page(None, File("platform.md", str(CHECKOUT / "docs"), "site", use_directory_urls=False), config)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("see [the proto](../proto/alerting)", "see `proto/alerting`"),
        ("see [`setup.py`](../setup.py)", "see `setup.py`"),
        ("see [delivery](delivery.md#what-sweeps)", "see [delivery](delivery.md#what-sweeps)"),
        ("see [home](../docs/index.md)", "see [home](../docs/index.md)"),
        ("![a picture](../nothing.png)", "![a picture](../nothing.png)"),
    ],
)
def test_links_to_the_checkout_become_names(page: Page, written: str, read: str) -> None:
    assert on_page_markdown(written, page) == read


def test_a_link_to_a_file_that_is_not_there_is_told(page: Page, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "mkdocs.hooks.docsite"):
        on_page_markdown("see [it](../nowhere.py)", page)
    assert caplog.messages == ["platform.md: there is no ../nowhere.py"]


def test_a_folder_of_the_navigation_becomes_its_pages(tmp_path: Path) -> None:
    for name in ("b.md", "index.md", "a.md", "picture.png"):
        tmp_path.joinpath("runbooks").mkdir(exist_ok=True)
        tmp_path.joinpath("runbooks", name).touch()
    config = MkDocsConfig()
    config.load_dict({"docs_dir": str(tmp_path), "nav": ["x.md", {"Operate": [{"Runbooks": "runbooks/"}]}]})
    expanded = [{"Runbooks": ["runbooks/index.md", "runbooks/a.md", "runbooks/b.md"]}]
    assert on_config(config).nav == ["x.md", {"Operate": expanded}]
