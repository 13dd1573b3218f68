"""What makes two alerts the same: Prometheus's fingerprint of their labels, and ids derived from it."""

import hashlib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

_OFFSET: Final = 0xCBF29CE484222325
_PRIME: Final = 0x100000001B3
_MASK: Final = 0xFFFFFFFFFFFFFFFF

# Labels may be as long as a body: so many of those would be gigabytes.
_MOST_REMEMBERED: Final = 16_384
_MOST_REMEMBERED_BYTES: Final = 4_096


def fingerprint(labels: Mapping[str, str], without: Iterable[str] = ()) -> str:
    """Return the FNV-1a hash of 64 bits over the sorted labels, in hexadecimal, as Prometheus computes it."""
    left_out = frozenset(without)
    # Go sorts by bytes; of UTF-8, that is the order by code point.
    names = sorted(name for name in labels if name not in left_out)
    content = "".join(f"{name}\udcff{labels[name]}\udcff" for name in names).encode(errors="surrogateescape")
    return _remembered(content) if len(content) <= _MOST_REMEMBERED_BYTES else _fnv(content)


def _fnv(content: bytes) -> str:
    state = _OFFSET
    for byte in content:
        state = ((state ^ byte) * _PRIME) & _MASK
    return f"{state:016x}"


# An alert that goes on firing is sent again every minute with the same labels.
_remembered: Final = lru_cache(maxsize=_MOST_REMEMBERED)(_fnv)


def stable_id(*parts: str) -> str:
    """Return an id that is the same for the same parts; no part may contain NUL."""
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()
