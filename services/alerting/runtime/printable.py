"""Foreign bytes and text for a terminal, which must not take any of it for an order."""

from typing import Final

_WIDTH: Final = 16


def one_line(text: str) -> str:
    """Return text with every character escaped that is not printable: orders, line breaks, marks of direction."""
    return "".join(letter if letter.isprintable() else _escape(letter) for letter in text)


def hex_dump(data: bytes) -> list[str]:
    """Return lines of an offset, 16 bytes in hexadecimal, and those of them that are printable ASCII."""
    return [_line(data, start) for start in range(0, len(data), _WIDTH)]


def _escape(letter: str) -> str:
    return letter.encode("unicode_escape", "backslashreplace").decode()


def _line(data: bytes, start: int) -> str:
    part = data[start : start + _WIDTH]
    letters = "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in part)
    return f"{start:08x}  {part.hex(' '):<{3 * _WIDTH - 1}}  {letters}"
