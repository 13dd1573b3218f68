"""MkDocs' hooks: pages that are made of the code, and links to files that are not pages."""

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from docsite import commands, configuration, http_api, readmes

_log = logging.getLogger("mkdocs.hooks.docsite")

_OUTSIDE: Final = re.compile(r"(?<!!)\[([^\]]+)\]\((\.\./[^)#\s]+)(#[^)\s]*)?\)")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Put the pages of a folder where the navigation names the folder: each alert's runbook, in their names' order."""
    config.nav = [_expanded(entry, Path(config.docs_dir)) for entry in config.nav or []]
    return config


def _expanded(entry: Any, docs: Path) -> Any:
    if isinstance(entry, list):
        return [_expanded(each, docs) for each in entry]
    if isinstance(entry, dict):
        return {title: _expanded(below, docs) for title, below in entry.items()}
    return list(_pages(docs, entry)) if entry.endswith("/") else entry


def _pages(docs: Path, folder: str) -> Iterator[str]:
    found = sorted(docs.joinpath(folder).glob("*.md"), key=lambda path: (path.name != "index.md", path.name))
    return (str(path.relative_to(docs)) for path in found)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add what is made of the code."""
    pages = {"reference/configuration.md": configuration.reference(), "reference/cli.md": commands.reference()}
    pages |= {f"reference/http/{service}.md": http_api.reference(service) for service in http_api.services()}
    pages |= readmes.pages()
    for path, text in pages.items():
        files.append(File.generated(config, path, content=text))
    return files


def on_page_markdown(markdown: str, page: Page, **_: object) -> str:
    """Turn links that lead out of the documentation into the files' names: the checkout is not on the site."""
    source = page.file.abs_src_path
    if source is None:
        return markdown
    folder = Path(source).parent

    def named(link: re.Match[str]) -> str:
        target = (folder / link[2]).resolve()
        if target.is_relative_to(readmes.DOCS):
            return link[0]
        if not target.exists():
            _log.warning("%s: there is no %s", page.file.src_uri, link[2])
        return readmes.named(link[1], target)

    return _OUTSIDE.sub(named, markdown)
