"""Boxes, arrows and texts as SVG, in colours for light and dark pages."""

from collections.abc import Mapping, Sequence
from typing import Final, Literal, NamedTuple
from xml.sax.saxutils import escape

Kind = Literal["service", "topic", "store", "outside"]
Point = tuple[float, float]

FONT: Final = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
LINE: Final = 16


class Palette(NamedTuple):
    """The colours of a page."""

    ink: str
    soft: str
    line: str
    kinds: Mapping[Kind, tuple[str, str]]
    """What boxes of a kind are filled and framed with."""


PALETTES: Final[Mapping[str, Palette]] = {
    "light": Palette(
        "#1f2937",
        "#4b5563",
        "#6b7686",
        {
            "service": ("#e8f0fe", "#3b6fd4"),
            "topic": ("#fff4e0", "#b97a10"),
            "store": ("#e7f6ed", "#2f8f5b"),
            "outside": ("#f3f4f6", "#8a94a3"),
        },
    ),
    "dark": Palette(
        "#e8ebf1",
        "#b3bccb",
        "#8f9bad",
        {
            "service": ("#1d2b45", "#7aa2f2"),
            "topic": ("#3a2d14", "#e0ab4c"),
            "store": ("#17342a", "#5cc491"),
            "outside": ("#2b303a", "#8b95a5"),
        },
    ),
}


class Box(NamedTuple):
    """A part, with its name and a line or two below it."""

    x: float
    y: float
    width: float
    height: float
    kind: Kind
    name: str
    about: tuple[str, ...] = ()


class Arrow(NamedTuple):
    """A line through points, with a head at its end, and a text somewhere."""

    points: Sequence[Point]
    text: str = ""
    at: Point = (0, 0)
    dashed: bool = False


def box(part: Box, colours: Palette) -> str:
    """Draw a part; topics have round ends."""
    fill, frame = colours.kinds[part.kind]
    radius = part.height / 2 if part.kind == "topic" else 6
    middle = part.x + part.width / 2
    first = part.y + part.height / 2 + 5 - len(part.about) * LINE / 2
    lines = [text(middle, first, part.name, colours.ink, weight=600)]
    lines += [
        text(middle, first + (place + 1) * LINE, line, colours.soft, size=12) for place, line in enumerate(part.about)
    ]
    shape = (
        f'<rect x="{part.x:g}" y="{part.y:g}" width="{part.width:g}" height="{part.height:g}" rx="{radius:g}" '
        f'fill="{fill}" stroke="{frame}" stroke-width="1.5"/>'
    )
    return "\n".join([shape, *lines])


def arrow(line: Arrow, colours: Palette) -> str:
    """Draw a line."""
    path = "M" + " L".join(f"{x:g} {y:g}" for x, y in line.points)
    dashes = ' stroke-dasharray="5 4"' if line.dashed else ""
    drawn = f'<path d="{path}" fill="none" stroke="{colours.line}" stroke-width="1.6"{dashes} marker-end="url(#head)"/>'
    return drawn + ("\n" + text(*line.at, line.text, colours.soft, size=12) if line.text else "")


def text(x: float, y: float, words: str, colour: str, *, size: int = 14, weight: int = 400) -> str:
    """Write a line around a point."""
    return (
        f'<text x="{x:g}" y="{y:g}" text-anchor="middle" font-size="{size}" font-weight="{weight}" '
        f'fill="{colour}">{escape(words)}</text>'
    )


def picture(width: int, height: int, title: str, parts: Sequence[str], colours: Palette) -> str:
    """Return the file."""
    head = (
        '<defs><marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" '
        f'orient="auto-start-reverse"><path d="M0 0 L10 5 L0 10 z" fill="{colours.line}"/></marker></defs>'
    )
    begin = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" font-family="{FONT}">'
    )
    return "\n".join([begin, f"<title>{escape(title)}</title>", head, *parts, "</svg>", ""])
