"""Writing a snapshot in plain Python, from docs/snapshot-format.md."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Sequence

from . import _reference_layout as layout
from ._reference_layout import BIG, CLIENT, FIELD, NAME, RULE, SEVERITY, SOURCE, Header, Pattern, Section, SlotTable
from .rule import WILDCARD, Rule

__all__ = ["write"]

_COLUMNS = ("severity", "source", "name", "client_id", "rule_id")
_TAG_BITS = 6  # at least, in a slot

_Cell = list[tuple[int, int]]
"""The (client ordinal, rule ordinal) of a pattern's rules."""


def write(rules: Sequence[Rule], version: int, *, hash_mask: int = layout.WORD) -> bytes:
    """Return the snapshot of rules that are checked already; tests clear bits of `hash_mask`."""
    return _Writer(rules, version, hash_mask).write()


class _Writer:
    """A snapshot that grows section by section, and its entries cell by cell."""

    def __init__(self, rules: Sequence[Rule], version: int, hash_mask: int) -> None:
        self.version, self.hash_mask = version, hash_mask
        self.seed = int.from_bytes(os.urandom(8), "little")
        self.texts = [list(dict.fromkeys(getattr(rule, column) for rule in rules)) for column in _COLUMNS]
        for part in (SEVERITY, SOURCE, NAME):
            self.texts[part] = [text for text in self.texts[part] if text != WILDCARD]
        self.hashes = [[self.hash(text) for text in texts] for texts in self.texts]
        self.cells = self.sort_rules(rules)
        self.pairs = [pattern for pattern in self.cells if pattern[SOURCE] and pattern[NAME]]
        self.severity_bits, self.source_bits, self.name_bits = (_width(len(texts)) for texts in self.texts[:3])
        self.key_bits = self.severity_bits + self.source_bits + self.name_bits
        self.ordinal_bits = _width(len(rules))
        self.data = bytearray(layout.HEADER_SIZE)
        self.sections: list[Section] = []
        self.entries: _Cell = []
        self.bigs: list[tuple[int, _Cell]] = []

    def hash(self, text: str) -> int:
        return layout.hash_text(text.encode(), self.seed, self.hash_mask)

    def sort_rules(self, rules: Sequence[Rule]) -> dict[Pattern, _Cell]:
        ids = [{text: number for number, text in enumerate([WILDCARD, *texts])} for texts in self.texts[:3]]
        clients = {text: ordinal for ordinal, text in enumerate(self.texts[CLIENT])}
        cells: dict[Pattern, _Cell] = defaultdict(list)
        for ordinal, rule in enumerate(rules):
            pattern = (ids[SEVERITY][rule.severity], ids[SOURCE][rule.source], ids[NAME][rule.name])
            cells[pattern].append((clients[rule.client_id], ordinal))
        return {pattern: sorted(cells[pattern]) for pattern in sorted(cells)}

    def write(self) -> bytes:
        wild = self.cells.get((0, 0, 0), [])
        self.entries += wild
        refs: list[Sequence[int]] = [self.write_fields(part) for part in (SEVERITY, SOURCE, NAME)]
        blocks = [self.write_texts(part) for part in (CLIENT, RULE)]
        for starts in blocks:
            self.write_section(b"".join(start.to_bytes(8, "little") for start in starts))
        refs += [range(len(self.texts[part])) for part in (CLIENT, RULE)]
        slots = tuple(self.write_slots(*table) for table in zip(self.hashes, refs, strict=True))
        pair_bytes = self.choose_pair_bytes()
        buckets = self.write_pairs(pair_bytes)
        bigs = self.place_bigs()
        entry_bytes = self.write_entries()
        self.write_section(bigs)
        header = Header(
            magic=layout.MAGIC,
            format=layout.FORMAT,
            header_size=layout.HEADER_SIZE,
            size=len(self.data),
            checksum=0,
            version=self.version,
            seed=self.seed,
            hash_mask=self.hash_mask,
            counts=tuple(map(len, self.texts)),
            buckets=buckets,
            wild=len(wild),
            severity_bits=self.severity_bits,
            name_bits=self.name_bits,
            source_bits=self.source_bits,
            pair_bytes=pair_bytes,
            entry_bytes=entry_bytes,
            ordinal_bits=self.ordinal_bits,
            slots=slots,
            sections=tuple(self.sections),
        )
        self.data[: layout.HEADER_SIZE] = header.pack()
        header.checksum = layout.checksum(bytes(self.data))
        self.data[: layout.HEADER_SIZE] = header.pack()
        return bytes(self.data)

    def write_section(self, content: bytes = b"", start: int | None = None) -> None:
        """Append a section and the space behind it; from `start` on it may be there already."""
        offset = len(self.data) if start is None else start
        self.data += content
        self.sections.append(Section(offset, len(self.data) - offset))
        self.data += bytes(layout.aligned(len(self.data) + layout.SPACE) - len(self.data))

    def write_fields(self, part: int) -> list[int]:
        """Write a list of field records; return what slots refer to them by."""
        own: dict[int, list[Pattern]] = defaultdict(list)
        for pattern in self.cells:
            if all(part == field or not pattern[field] for field in (SOURCE, NAME)):
                own[pattern[part]].append(pattern)
        start, refs = len(self.data), []
        for number, text in enumerate(map(str.encode, self.texts[part]), start=1):
            refs.append((len(self.data) - start) // 4)
            first = len(self.entries) if own[number] else 0
            self.data += FIELD.pack(number, len(text), len(own[number]), first)
            self.data += text + bytes(-len(text) % 4)
            for pattern in own[number]:
                size = self.write_cell(pattern, 32 - self.severity_bits)
                self.data += (size << self.severity_bits | pattern[SEVERITY]).to_bytes(4, "little")
        self.write_section(start=start)
        return refs

    def write_cell(self, pattern: Pattern, bits: int) -> int:
        """Append a cell's entries; return the count, of so many bits, that belongs where the data ends now."""
        cell, big = self.cells[pattern], (1 << bits) - 1
        if len(cell) < big:
            self.entries += cell
            return len(cell)
        self.bigs.append((len(self.data), cell))
        return big

    def write_texts(self, part: int) -> list[int]:
        """Write a list of text records; return where every eighth begins."""
        start, starts = len(self.data), []
        for text in map(str.encode, self.texts[part]):
            starts.append(len(self.data) - start)
            self.data += _leb128(len(text)) + text
        self.write_section(start=start)
        return starts[:: layout.BLOCK]

    def write_slots(self, hashes: Sequence[int], refs: Sequence[int]) -> SlotTable:
        """Write a hash table that leads to records."""
        ref_bits = _width(max(refs, default=0) + 1)
        width = max(4, _bytes(ref_bits + _TAG_BITS))
        slots = [0] * (len(refs) * 5 // 4 + 2)
        for value, ref in zip(hashes, refs, strict=True):
            place = layout.reduce_range(value, len(slots))
            while slots[place]:
                place = (place + 1) % len(slots)
            slots[place] = (value << ref_bits | ref + 1) & (1 << 8 * width) - 1
        self.write_section(b"".join(slot.to_bytes(width, "little") for slot in slots))
        return SlotTable(len(slots), width, ref_bits)

    def choose_pair_bytes(self) -> int:
        """Return the narrowest size of a pair slot that leaves at most one pair in 128 to the bigs."""
        for width in range(max(4, self.key_bits // 8 + 1), 8):
            big = (1 << 8 * width - self.key_bits) - 1
            if sum(len(self.cells[pattern]) >= big for pattern in self.pairs) * 128 <= len(self.pairs):
                return width
        return 8

    def write_pairs(self, width: int) -> int:
        """Write the buckets of pairs; return how many are homes."""
        room = (layout.BUCKET_SIZE - 4) // width
        homes = 1 + len(self.pairs) * 5 // 4 // room
        buckets: list[list[Pattern]] = [[] for _ in range(homes)]
        overflows = set()
        for pattern in self.pairs:
            source, name = self.hashes[SOURCE][pattern[SOURCE] - 1], self.hashes[NAME][pattern[NAME] - 1]
            bucket = layout.reduce_range(layout.hash_pair(source, name, self.hash_mask), homes)
            while len(buckets[bucket]) == room:
                overflows.add(bucket)
                bucket += 1
                if bucket == len(buckets):
                    buckets.append([])
            buckets[bucket].append(pattern)
        start = len(self.data)
        for place, patterns in enumerate(buckets):
            overflow = layout.OVERFLOW if place in overflows else 0
            self.data += (len(self.entries) | overflow).to_bytes(4, "little")
            for pattern in patterns:
                key = pattern[SEVERITY] | pattern[NAME] << self.severity_bits
                key |= pattern[SOURCE] << self.severity_bits + self.name_bits
                size = self.write_cell(pattern, 8 * width - self.key_bits)
                self.data += (size << self.key_bits | key).to_bytes(width, "little")
            self.data += bytes(layout.BUCKET_SIZE - 4 - len(patterns) * width)
        self.write_section(start=start)
        return homes

    def place_bigs(self) -> bytes:
        """Append the entries of the bigs; return their records."""
        records = []
        for address, cell in self.bigs:
            records.append(BIG.pack(address, len(self.entries), len(cell)))
            self.entries += cell
        return b"".join(records)

    def write_entries(self) -> int:
        """Write all entries; return the size of one."""
        width = _bytes(self.ordinal_bits + _width(len(self.texts[CLIENT])))
        entries = (
            (client << self.ordinal_bits | ordinal).to_bytes(width, "little") for client, ordinal in self.entries
        )
        self.write_section(b"".join(entries))
        return width


def _width(most: int) -> int:
    """Return how many bits a number needs, one at least."""
    return max(1, most.bit_length())


def _bytes(bits: int) -> int:
    return -(-bits // 8)


def _leb128(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])
