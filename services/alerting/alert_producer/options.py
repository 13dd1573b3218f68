"""Reads the options of the command line that are more than one number or word."""

import re
from typing import Final

_UNITS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3_600.0, "d": 86_400.0}
_PART: Final = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")


def seconds(text: str) -> float:
    """Read a duration: ``90``, ``90s``, ``1m30s``, ``500ms``.

    Raises
    ------
    ValueError
        It is not a duration, or it is none at all.
    """
    bare = re.fullmatch(r"\d+(\.\d+)?", text)
    parts = _PART.findall(text)
    if bare:
        found = float(text)
    elif parts and "".join(number + unit for number, unit in parts) == text:
        found = sum(float(number) * _UNITS[unit] for number, unit in parts)
    else:
        raise ValueError(f"{text!r} is not a duration such as 90s or 1m30s")
    if found <= 0:
        raise ValueError("must be more than 0")
    return found


def weights(text: str) -> dict[str, float]:
    """Read ``LOW=50,HIGH=5``; a name without a weight has the weight 1.

    Raises
    ------
    ValueError
        A name is empty or comes twice, or a weight is not a number.
    """
    found: dict[str, float] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, separator, number = (piece.strip() for piece in part.partition("="))
        if not name or name in found:
            raise ValueError(f"{part!r}: each name comes once, as NAME=WEIGHT")
        try:
            found[name] = float(number) if separator else 1.0
        except ValueError:
            raise ValueError(f"{part!r}: {number!r} is not a number") from None
    return found


def pairs(texts: list[str]) -> dict[str, str]:
    """Read ``KEY=VALUE`` of each; the value may contain ``=``.

    Raises
    ------
    ValueError
        There is no ``=``, or a key comes twice.
    """
    found: dict[str, str] = {}
    for text in texts:
        key, separator, value = text.partition("=")
        if not separator or not key or key in found:
            raise ValueError(f"{text!r}: each key comes once, as KEY=VALUE")
        found[key] = value
    return found
