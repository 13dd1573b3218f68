"""READMEs become pages whose links lead to where things are on the site."""

from pathlib import Path

import pytest

from docsite import readmes


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a README in a checkout of its own."""
    monkeypatch.setattr(readmes, "CHECKOUT", tmp_path)
    monkeypatch.setattr(readmes, "DOCS", tmp_path / "docs")
    (tmp_path / "deploy").mkdir()
    return tmp_path / "deploy" / "README.md"


@pytest.mark.parametrize(
    ("written", "moved"),
    [
        ("[settings](../docs/platform.md#settings)", "[settings](../platform.md#settings)"),
        ("[AWS](terraform/README.md)", "[AWS](aws.md)"),
        ("[AWS](terraform)", "[AWS](aws.md)"),
        ("[the file](compose.yaml)", "`deploy/compose.yaml`"),
        ("[`compose.yaml`](compose.yaml)", "`compose.yaml`"),
        ("[elsewhere](https://example.com/a)", "[elsewhere](https://example.com/a)"),
        ("[above](#top)", "[above](#top)"),
    ],
)
def test_links(read: Path, written: str, moved: str) -> None:
    read.write_text(written)
    assert readmes.pages() == {"deploy/compose.md": moved}


def test_each_is_there() -> None:
    assert readmes.pages().keys() == readmes.PAGES.keys()
