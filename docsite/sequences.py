"""Who says what to whom, one after another, as a drawing."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from docsite.drawing import Arrow, Box, Kind, Palette, arrow, box, picture, text

_WIDTH: Final = 150
_GAP: Final = 34
_HEAD: Final = 44
_STEP: Final = 44
_MARGIN: Final = 16


class Said(NamedTuple):
    """A step: from one part to another, or within one."""

    giver: int
    taker: int
    words: str
    dashed: bool = False


def sequence(title: str, parts: Sequence[tuple[Kind, str]], steps: Sequence[Said], colours: Palette) -> str:
    """Draw the parts side by side, and the steps from top to bottom."""
    middles = [_MARGIN + _WIDTH / 2 + place * (_WIDTH + _GAP) for place in range(len(parts))]
    bottom = _MARGIN + _HEAD + (len(steps) + 0.5) * _STEP
    drawn = [
        f'<path d="M{x:g} {_MARGIN + _HEAD} V{bottom:g}" stroke="{colours.line}" stroke-width="1" opacity="0.55"/>'
        for x in middles
    ]
    for (kind, name), x in zip(parts, middles, strict=True):
        drawn.append(box(Box(x - _WIDTH / 2, _MARGIN, _WIDTH, _HEAD, kind, name), colours))
    for place, step in enumerate(steps):
        y = _MARGIN + _HEAD + (place + 1) * _STEP
        drawn += (
            _within(middles[step.giver], y, step.words, colours)
            if step.giver == step.taker
            else [
                arrow(Arrow([(middles[step.giver], y), (middles[step.taker], y)], dashed=step.dashed), colours),
                text((middles[step.giver] + middles[step.taker]) / 2, y - 6, step.words, colours.ink, size=12),
            ]
        )
    width = 2 * _MARGIN + len(parts) * _WIDTH + (len(parts) - 1) * _GAP
    return picture(width, round(bottom) + _MARGIN, title, drawn, colours)


def _within(x: float, y: float, words: str, colours: Palette) -> list[str]:
    """Draw what a part does by itself: a note on its line."""
    fill, frame = colours.kinds["outside"]
    width = 7 * len(words) + 16
    note = (
        f'<rect x="{x - width / 2:g}" y="{y - 19:g}" width="{width}" height="26" rx="4" fill="{fill}" '
        f'stroke="{frame}" stroke-width="1"/>'
    )
    return [note, text(x, y - 2, words, colours.ink, size=12)]
