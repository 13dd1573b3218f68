"""What docs/snapshot-format.md fixes of a snapshot: the header, the hash and the checksum."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple

__all__ = ["Header", "Section", "SlotTable", "checksum", "hash_pair", "hash_text", "reduce_range"]

MAGIC = b"MATCHCOR"
FORMAT = 1
HEADER_SIZE = 512
HEADER_USED = 440
ALIGNMENT = 64
SPACE = 8  # at least, between sections
BUCKET_SIZE = 64
BLOCK = 8  # text records between two entries of a block list
MAX_COUNT = 2**31 - 1
OVERFLOW = 1 << 31

SEVERITY, SOURCE, NAME, CLIENT, RULE = range(5)
BLOCKS = {CLIENT: 5, RULE: 6}
SLOTS = 7
PAIRS, ENTRIES, BIGS = 12, 13, 14

WORD = 2**64 - 1
K0, K1, K2, K3 = 0xA0761D6478BD642F, 0xE7037ED1A0B428DB, 0x8EBC6AF09C88C6E3, 0x9E3779B97F4A7C15

_HEADER = struct.Struct("<8s 2I 2Q q 2Q 5Q 2Q 6B 2x" + 5 * "Q 2I " + "30Q 72x")

FIELD = struct.Struct("<4I")  # id, size, counts, first entry
BIG = struct.Struct("<Q2I")  # address, first entry, number of rules

Pattern = tuple[int, int, int]
"""The ids of a severity, a source and a name; 0 is the wildcard."""


class SlotTable(NamedTuple):
    """The shape of a hash table: slots, bytes of a slot, bits of its reference."""

    total: int
    width: int
    ref_bits: int


class Section(NamedTuple):
    """Where a section lies, in bytes from the buffer's start."""

    offset: int
    size: int


@dataclass
class Header:
    """The header's fields, in their order."""

    magic: bytes
    format: int
    header_size: int
    size: int
    checksum: int
    version: int
    seed: int
    hash_mask: int
    counts: tuple[int, ...]
    buckets: int
    wild: int
    severity_bits: int
    name_bits: int
    source_bits: int
    pair_bytes: int
    entry_bytes: int
    ordinal_bits: int
    slots: tuple[SlotTable, ...]
    sections: tuple[Section, ...]

    @classmethod
    def unpack(cls, data: bytes) -> Header:
        """Read the header that `data` begins with."""
        words = _HEADER.unpack_from(data)
        slots = tuple(SlotTable(*words[place : place + 3]) for place in range(21, 36, 3))
        sections = tuple(Section(*words[place : place + 2]) for place in range(36, 66, 2))
        fields: list[Any] = [*words[:8], words[8:13], *words[13:21], slots, sections]
        return cls(*fields)

    def pack(self) -> bytes:
        """Return the header as bytes."""
        return _HEADER.pack(
            *(self.magic, self.format, self.header_size, self.size, self.checksum),
            *(self.version, self.seed, self.hash_mask, *self.counts, self.buckets, self.wild),
            *(self.severity_bits, self.name_bits, self.source_bits),
            *(self.pair_bytes, self.entry_bytes, self.ordinal_bits),
            *chain(*self.slots),
            *chain(*self.sections),
        )

    @property
    def key_bits(self) -> int:
        """The bits of a pair slot below its count."""
        return self.severity_bits + self.name_bits + self.source_bits

    @property
    def big_pair(self) -> int:
        """The count of a pair slot that sends to `bigs`."""
        return (1 << 8 * self.pair_bytes - self.key_bits) - 1

    @property
    def big_count(self) -> int:
        """The count in a field record that sends to `bigs`."""
        return (1 << 32 - self.severity_bits) - 1

    @property
    def bucket_slots(self) -> int:
        """How many pair slots a bucket has."""
        return (BUCKET_SIZE - 4) // self.pair_bytes


def aligned(size: int) -> int:
    """Round up to where a section may begin."""
    return size + -size % ALIGNMENT


def multiply(a: int, b: int) -> tuple[int, int]:
    """Return the low and the high half of a 128-bit product."""
    return a * b & WORD, a * b >> 64


def fold(a: int, b: int) -> int:
    """Mix two words into one."""
    low, high = multiply(a, b)
    return low ^ high


def hash_text(data: bytes, seed: int, mask: int) -> int:
    """Hash a string's UTF-8."""
    size = len(data)
    while len(data) > 16:
        seed = fold(_word(data[:8]) ^ K0, _word(data[8:16]) ^ seed)
        data = data[16:]
    left = len(data)
    a = b = 0
    if left >= 4:
        half = 8 if left >= 8 else 4
        a, b = _word(data[:half]), _word(data[-half:])
    elif left > 0:
        a = data[0] << 16 | data[left >> 1] << 8 | data[-1]
    low, high = multiply(a ^ K1, b ^ seed)
    return fold(low ^ K0 ^ size, high ^ K2) & mask


def hash_pair(source: int, name: int, mask: int) -> int:
    """Combine the hashes of a source and a name."""
    return fold(source ^ K2, name ^ K1) & mask


def reduce_range(value: int, count: int) -> int:
    """Map a hash to 0 .. count - 1."""
    return multiply(value, count)[1]


def checksum(data: bytes) -> int:
    """Digest a snapshot, its checksum field taken as zero."""
    size = len(data)
    lanes = [K3 * number & WORD for number in range(1, 5)]
    for words in struct.iter_unpack("<8Q", data[:24] + bytes(8) + data[32:]):
        for place in range(4):
            low, high = words[2 * place : 2 * place + 2]
            mixed = fold(low ^ lanes[place], high ^ K3) + low + (high << 1 & WORD | high >> 63)
            lanes[place] = mixed & WORD
    return fold(lanes[0] ^ size, lanes[1] ^ K3) ^ fold(lanes[2] ^ size, lanes[3] ^ K3)


def _word(data: bytes) -> int:
    return int.from_bytes(data, "little")
