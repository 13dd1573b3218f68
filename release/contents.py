"""What a wheel has to hold before it may be published."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import Parser
from pathlib import Path

from release.environment import CHECKOUT


@dataclass(frozen=True)
class Wheel:
    """A wheel's table of contents, and its metadata."""

    names: frozenset[str]
    metadata: Message

    @classmethod
    def read(cls, path: Path) -> "Wheel":
        """Read it from the file."""
        with zipfile.ZipFile(path) as archive:
            names = frozenset(name for name in archive.namelist() if not name.endswith("/"))
            (about,) = (name for name in names if name.endswith(".dist-info/METADATA"))
            return cls(names, Parser().parsestr(archive.read(about).decode()))

    @property
    def version(self) -> str:
        """Return the version that it says it is."""
        return str(self.metadata["Version"])

    @property
    def tops(self) -> set[str]:
        """Return the folders that it would put beside others'."""
        return {name.partition("/")[0] for name in self.names} - {f"{self.metadata['Name']}-{self.version}.dist-info"}


def library_faults(wheel: Wheel) -> Iterator[str]:
    """Tell what is wrong with a wheel of matchcore."""
    if wheel.tops != {"matchcore"}:
        yield f"holds {', '.join(sorted(wheel.tops))} instead of matchcore alone"
    for source in sorted((CHECKOUT / "matchcore").glob("*.pyx")):
        if not any(
            name.startswith(f"matchcore/{source.stem}.") and name.endswith((".so", ".pyd")) for name in wheel.names
        ):
            yield f"lacks the compiled {source.stem}"


def platform_faults(wheel: Wheel) -> Iterator[str]:
    """Tell what is wrong with a wheel of alerting."""
    if wheel.tops != {"alerting"}:
        yield f"holds {', '.join(sorted(wheel.tops))} instead of alerting alone"
    if "alerting/ui_dist/index.html" not in wheel.names:
        yield "lacks the UI: make ui"
    if f"matchcore=={wheel.version}" not in wheel.metadata.get_all("Requires-Dist", []):
        yield f"does not require matchcore {wheel.version}"
