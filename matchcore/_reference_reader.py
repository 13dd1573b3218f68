"""Reading and verifying a snapshot in plain Python, from docs/snapshot-format.md."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from . import _reference_layout as layout
from ._reference_layout import BIG, CLIENT, FIELD, NAME, RULE, SEVERITY, SOURCE, Header, Pattern
from .errors import SnapshotError
from .rule import WILDCARD, Rule

__all__ = ["read"]


def read(data: bytes, verify: bool) -> tuple[list[Rule], int]:
    """Return the rules of a snapshot, by ordinal, and their version.

    What the rules are decoded from is always checked; the rest, which only lookups or nobody reads, when
    `verify` is set.

    Raises
    ------
    SnapshotError
        Saying what is wrong with the bytes.
    """
    header = _read_header(data)
    if verify:
        _require(layout.checksum(data) == header.checksum, "the checksum is wrong")
        _require(not any(_between_sections(data, header)), "there is something between the sections")
    return _Reader(data, header, verify).read(), header.version


def _require(sound: bool, reason: str) -> None:
    if not sound:
        raise SnapshotError(reason)


def _read_header(data: bytes) -> Header:
    _require(len(data) >= layout.HEADER_SIZE, "shorter than a header")
    header = Header.unpack(data)
    _require(header.magic == layout.MAGIC, "not a matchcore snapshot")
    known = (layout.FORMAT, layout.HEADER_SIZE)
    _require((header.format, header.header_size) == known, "written in another version of the format")
    whole = header.size == len(data) and len(data) % layout.ALIGNMENT == 0
    _require(whole, "truncated, or followed by something else")
    _require(header.version >= 0, "the version is out of range")
    _check_sections(header)
    _check_widths(header)
    return header


def _between_sections(data: bytes, header: Header) -> bytes:
    ends = [layout.HEADER_USED, *(offset + size for offset, size in header.sections)]
    starts = [offset for offset, _ in header.sections] + [header.size]
    return b"".join(data[end:start] for end, start in zip(ends, starts, strict=True))


def _check_sections(header: Header) -> None:
    end = layout.HEADER_SIZE
    for offset, size in header.sections:
        _require(offset == end, "a section lies out of place")
        end = layout.aligned(offset + size + layout.SPACE)
    _require(end == header.size, "a section lies out of place")
    for part, (count, width, ref_bits) in enumerate(header.slots):
        fits = count * width == header.sections[layout.SLOTS + part].size
        _require(fits and 4 <= width <= 8 and 1 <= ref_bits < 8 * width, "a slot table has a wrong shape")
        _require(1 <= count <= 2**40, "a slot table has a wrong shape")
    rules = header.counts[RULE]
    fits = header.sections[layout.ENTRIES].size == rules * header.entry_bytes and header.wild <= rules
    _require(fits, "the entries do not fit the number of rules")
    for part, section in layout.BLOCKS.items():
        fits = header.sections[section].size == -(-header.counts[part] // layout.BLOCK) * 8
        _require(fits, "the blocks do not fit the number of rules or clients")
    buckets, odd = divmod(header.sections[layout.PAIRS].size, layout.BUCKET_SIZE)
    _require(not odd and header.sections[layout.BIGS].size % BIG.size == 0, "a section has a wrong size")
    _require(1 <= header.buckets <= buckets, "the pairs have a wrong number of buckets")


def _check_widths(header: Header) -> None:
    _require(max(header.counts) <= layout.MAX_COUNT, "a count is out of range")
    bits = (header.severity_bits, header.name_bits, header.source_bits, header.ordinal_bits)
    in_range = all(1 <= width <= 31 for width in bits) and 4 <= header.pair_bytes <= 8 and header.entry_bytes <= 8
    in_range = in_range and header.key_bits < 8 * header.pair_bytes and header.ordinal_bits < 8 * header.entry_bytes
    _require(in_range, "a width is out of range")


class _Reader:
    """A walk over all cells, in the order of their entries."""

    def __init__(self, data: bytes, header: Header, verify: bool) -> None:
        self.header = header
        self.verify = verify
        self.sections = [data[offset : offset + size] for offset, size in header.sections]
        self.next_entry = header.wild
        self.cells = [((0, 0, 0), range(header.wild))]
        self.bigs: list[tuple[Pattern, int]] = []

    def read(self) -> list[Rule]:
        fields = [[WILDCARD, *self.read_fields(part)] for part in (SEVERITY, SOURCE, NAME)]
        self.read_pairs()
        self.read_bigs()
        clients, rule_ids = self.read_texts(CLIENT), self.read_texts(RULE)
        rules: dict[int, Rule] = {}
        for pattern, positions in self.cells:
            texts = [known[number] for known, number in zip(fields, pattern, strict=True)]
            for client, ordinal in map(self.read_entry, positions):
                sound = ordinal < len(rule_ids) and ordinal not in rules and client < len(clients)
                _require(sound, "an entry is wrong")
                rules[ordinal] = Rule(rule_ids[ordinal], clients[client], *texts)
        return [rules[ordinal] for ordinal in range(len(rule_ids))]

    def read_fields(self, part: int) -> list[str]:
        section, texts, refs, at = self.sections[part], [], [], 0
        for number in range(1, self.header.counts[part] + 1):
            _require(at + FIELD.size <= len(section), "a field record is cut short")
            stored, size, counts, first = FIELD.unpack_from(section, at)
            text_at = at + FIELD.size
            counts_at = text_at + size + -size % 4
            end = counts_at + 4 * counts
            _require(stored == number and end <= len(section), "a field record has a wrong id or size")
            texts.append(_decode(section[text_at : text_at + size]))
            _require(texts[-1] != WILDCARD, "a field is the wildcard")
            _require(counts == 0 or first == self.next_entry, "a field's counts are wrong")
            self.read_counts(part, number, range(counts_at, end, 4))
            refs.append(at // 4)
            at = end
        _require(at == len(section), "bytes behind the last field record")
        self.check_slots(part, refs)
        return texts

    def read_counts(self, part: int, number: int, places: Iterable[int]) -> None:
        former = -1
        for place in places:
            count = int.from_bytes(self.sections[part][place : place + 4], "little")
            severity = _bits(count, 0, self.header.severity_bits)
            own = severity == number if part == SEVERITY else severity <= self.header.counts[SEVERITY]
            _require(former < severity and own, "a field's counts are wrong")
            pattern = (severity, number if part == SOURCE else 0, number if part == NAME else 0)
            address = self.header.sections[part].offset + place
            self.add_cell(pattern, count >> self.header.severity_bits, self.header.big_count, address)
            former = severity

    def add_cell(self, pattern: Pattern, size: int, big: int, address: int) -> None:
        """Step over a cell's entries, unless its count says that they lie elsewhere."""
        if size == big:
            self.bigs.append((pattern, address))
            return
        _require(0 < size <= self.header.counts[RULE] - self.next_entry, "a cell has a wrong number of rules")
        self.cells.append((pattern, range(self.next_entry, self.next_entry + size)))
        self.next_entry += size

    def read_pairs(self) -> None:
        section, width, overflow = self.sections[layout.PAIRS], self.header.pair_bytes, False
        for bucket in range(0, len(section), layout.BUCKET_SIZE):
            head = int.from_bytes(section[bucket : bucket + 4], "little")
            overflow = bool(head & layout.OVERFLOW)
            _require(head & ~layout.OVERFLOW == self.next_entry, "a bucket has a wrong first entry")
            places = [bucket + 4 + slot * width for slot in range(self.header.bucket_slots)]
            slots = [int.from_bytes(section[place : place + width], "little") for place in places]
            used = [slot for slot in slots if slot]
            _require(slots[: len(used)] == used, "a pair is wrong")
            for place, slot in zip(places, used, strict=False):
                self.read_pair(slot, self.header.sections[layout.PAIRS].offset + place)
        _require(not overflow, "the last bucket overflows")

    def read_pair(self, slot: int, address: int) -> None:
        header = self.header
        severity = _bits(slot, 0, header.severity_bits)
        name = _bits(slot, header.severity_bits, header.name_bits)
        source = _bits(slot, header.severity_bits + header.name_bits, header.source_bits)
        known = severity <= header.counts[SEVERITY] and 1 <= name <= header.counts[NAME]
        _require(known and 1 <= source <= header.counts[SOURCE], "a pair is wrong")
        self.add_cell((severity, source, name), slot >> header.key_bits, header.big_pair, address)

    def read_bigs(self) -> None:
        records = list(BIG.iter_unpack(self.sections[layout.BIGS]))
        _require(len(records) == len(self.bigs), "a big cell belongs to no pattern")
        former = 0
        for (pattern, place), (address, first, size) in zip(self.bigs, records, strict=True):
            _require(former < address == place and first == self.next_entry, "a big cell is out of place")
            self.cells.append((pattern, range(first, first + size)))
            self.next_entry += size
            _require(self.next_entry <= self.header.counts[RULE], "a big cell is too large")
            former = address
        _require(self.next_entry == self.header.counts[RULE], "rules that no pattern leads to")

    def read_texts(self, part: int) -> list[str]:
        section, texts, starts, at = self.sections[part], [], [], 0
        for _ in range(self.header.counts[part]):
            starts.append(at)
            size, at = _read_size(section, at)
            _require(0 < size <= len(section) - at, "a text record has a wrong size")
            texts.append(_decode(section[at : at + size]))
            at += size
        _require(at == len(section), "bytes behind the last text record")
        if self.verify:
            blocks = b"".join(start.to_bytes(8, "little") for start in starts[:: layout.BLOCK])
            _require(self.sections[layout.BLOCKS[part]] == blocks, "a block does not begin at its record")
        self.check_slots(part, range(len(texts)))
        return texts

    def read_entry(self, position: int) -> tuple[int, int]:
        """Return a client ordinal and a rule ordinal."""
        width, bits = self.header.entry_bytes, self.header.ordinal_bits
        entry = int.from_bytes(self.sections[layout.ENTRIES][position * width : (position + 1) * width], "little")
        return entry >> bits, _bits(entry, 0, bits)

    def check_slots(self, part: int, refs: Sequence[int]) -> None:
        """Check that a table has one slot for each reference, and an empty one where searches end."""
        if not self.verify:
            return
        table, section = self.header.slots[part], self.sections[layout.SLOTS + part]
        places = range(0, len(section), table.width)
        slots = [int.from_bytes(section[place : place + table.width], "little") for place in places]
        found = [_bits(slot, 0, table.ref_bits) - 1 for slot in slots if slot]
        _require(sorted(found) == list(refs) and len(found) < table.total, "a slot table does not fit its records")


def _bits(value: int, shift: int, count: int) -> int:
    return value >> shift & (1 << count) - 1


def _decode(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise SnapshotError("a string is not UTF-8") from None


def _read_size(data: bytes, at: int) -> tuple[int, int]:
    """Read a LEB128 number of at most five bytes; return it and where it ends."""
    size = 0
    for place, byte in enumerate(data[at : at + 5]):
        size |= (byte & 0x7F) << 7 * place
        if byte < 0x80:
            return size, at + place + 1
    raise SnapshotError("a text record is cut short")
