"""Snapshots that are damaged and sealed again: what a checksum does not find, `verify` has to."""

from __future__ import annotations

import struct

CHECKSUM = slice(24, 32)
WORD = 2**64 - 1
K3 = 0x9E3779B97F4A7C15


def fold(a: int, b: int) -> int:
    """Multiply, and mix the product's halves."""
    product = a * b
    return (product & WORD) ^ (product >> 64)


def checksum(snapshot: bytes) -> int:
    """Return the checksum as `docs/snapshot-format.md` has it."""
    lanes = [K3 * lane & WORD for lane in range(1, 5)]
    for words in struct.iter_unpack("<8Q", snapshot):
        for place, lane in enumerate(lanes):
            low, high = words[2 * place : 2 * place + 2]
            rotated = (high << 1 | high >> 63) & WORD
            lanes[place] = (fold(low ^ lane, high ^ K3) + low + rotated) & WORD
    size = len(snapshot)
    return fold(lanes[0] ^ size, lanes[1] ^ K3) ^ fold(lanes[2] ^ size, lanes[3] ^ K3)


def seal(snapshot: bytes) -> bytes:
    """Return the snapshot with the checksum that its bytes ought to have."""
    sealed = bytearray(snapshot)
    sealed[CHECKSUM] = bytes(8)
    sealed[CHECKSUM] = struct.pack("<Q", checksum(bytes(sealed)))
    return bytes(sealed)
