"""``python -m release.notes TAG``: what CHANGELOG.md says of a version; fails where a release would be premature."""

import re
import sys
from typing import Final

from release.environment import CHECKOUT

_VERSION: Final = re.compile(r"v(?P<version>\d+\.\d+\.\d+(?:(?:a|b|rc)\d+)?)")
_HEADING: Final = re.compile(r"^## \[(?P<version>[^\]]+)\](?: - (?P<date>\S+))?$", re.MULTILINE)
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


class NotReadyError(Exception):
    """What has to be done before the tag is made."""


def version_of(tag: str) -> str:
    """Return the version that a tag names."""
    if (found := _VERSION.fullmatch(tag)) is None:
        raise NotReadyError(f"{tag} is not a version such as v1.2.3 or v1.2.3rc1")
    return found["version"]


def sections(changelog: str) -> dict[str, tuple[str | None, str]]:
    """Split a changelog into the date and the text of each version."""
    headings = list(_HEADING.finditer(changelog))
    ends = [heading.start() for heading in headings[1:]] + [len(changelog)]
    return {
        heading["version"]: (heading["date"], changelog[heading.end() : end].strip())
        for heading, end in zip(headings, ends, strict=True)
    }


def notes(changelog: str, tag: str) -> str:
    """Return the section of the version that a tag names, which has a date and a text."""
    version = version_of(tag)
    written = sections(changelog)
    if version not in written:
        raise NotReadyError(f"CHANGELOG.md has no section [{version}]")
    date, text = written[version]
    if date is None or not _DATE.fullmatch(date):
        raise NotReadyError(f"CHANGELOG.md: the date of [{version}] is missing")
    if not text:
        raise NotReadyError(f"CHANGELOG.md: [{version}] says nothing")
    if written.get("Unreleased", (None, ""))[1]:
        raise NotReadyError(f"CHANGELOG.md: what is under [Unreleased] belongs under [{version}]")
    return text


def main() -> None:
    """Run the command."""
    if len(sys.argv) != 2:
        raise SystemExit("usage: python -m release.notes TAG")
    try:
        sys.stdout.write(notes((CHECKOUT / "CHANGELOG.md").read_text("utf-8"), sys.argv[1]) + "\n")
    except NotReadyError as error:
        raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main()
