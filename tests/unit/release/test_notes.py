import sys

import pytest

from release.notes import NotReadyError, main, notes, sections, version_of

CHANGELOG = """# Changelog

All notable changes.

## [Unreleased]

## [1.2.0] - 2026-03-01

### Added

- Something.

## [1.1.0] - unreleased

- Older.
"""


@pytest.mark.parametrize(
    ("tag", "version"), [("v1.2.3", "1.2.3"), ("v0.10.0rc1", "0.10.0rc1"), ("v2.0.0b2", "2.0.0b2")]
)
def test_a_tag_names_a_version(tag: str, version: str) -> None:
    assert version_of(tag) == version


@pytest.mark.parametrize("tag", ["1.2.3", "v1.2", "v1.2.3-rc1", "v1.2.3.post1", "v1.2.3 ", "latest", ""])
def test_other_tags_do_not(tag: str) -> None:
    with pytest.raises(NotReadyError, match="not a version"):
        version_of(tag)


def test_a_changelog_is_split_by_version() -> None:
    assert sections(CHANGELOG) == {
        "Unreleased": (None, ""),
        "1.2.0": ("2026-03-01", "### Added\n\n- Something."),
        "1.1.0": ("unreleased", "- Older."),
    }


def test_the_notes_are_the_versions_section() -> None:
    assert notes(CHANGELOG, "v1.2.0") == "### Added\n\n- Something."


@pytest.mark.parametrize(
    ("changelog", "tag", "why"),
    [
        (CHANGELOG, "v1.3.0", r"no section \[1\.3\.0\]"),
        (CHANGELOG, "v1.1.0", r"date of \[1\.1\.0\]"),
        ("## [1.0.0] - 2026-01-01\n", "v1.0.0", "says nothing"),
        (CHANGELOG.replace("## [1.2.0]", "- New.\n\n## [1.2.0]"), "v1.2.0", r"under \[Unreleased\]"),
    ],
)
def test_what_is_not_written_down_is_not_released(changelog: str, tag: str, why: str) -> None:
    with pytest.raises(NotReadyError, match=why):
        notes(changelog, tag)


@pytest.mark.parametrize(
    ("arguments", "why"), [([], "usage"), (["v1.0.0", "v2.0.0"], "usage"), (["v999.0.0"], "no section")]
)
def test_the_command_says_why_not(monkeypatch: pytest.MonkeyPatch, arguments: list[str], why: str) -> None:
    monkeypatch.setattr(sys, "argv", ["notes", *arguments])
    with pytest.raises(SystemExit, match=why):
        main()
