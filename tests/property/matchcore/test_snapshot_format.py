"""The snapshot format: two implementations, which share only docs/snapshot-format.md, read each other's bytes."""

import importlib
import re
import struct
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fix_compare import assert_same_index, assert_same_matches, assert_same_rules
from fix_impl import Implementation
from fix_snapshot import CHECKSUM, checksum, seal
from fix_strategies import client_choices, rules_and_events, versions
from matchcore import Rule, SnapshotError
from matchcore._reference_writer import write

DOCUMENT = Path(__file__).parents[3] / "docs" / "snapshot-format.md"
BIGS = 14

# The hash hook is set once for all examples of a test, which is what hypothesis warns about.
SHARED_FIXTURE = [HealthCheck.function_scoped_fixture]

SMALL = (
    Rule("r1", "acme", "HIGH", "api", "*"),
    Rule("r2", "zeta", "*", "api", "timeout"),
    Rule("r3", "acme", "*", "*", "*"),
    Rule("r4", "acme", "HIGH", "*", "*"),
    Rule("é", "日本", "LOW", "", "disk"),
    Rule("r6", "acme", "LOW", "*", "disk"),
)


@pytest.fixture(params=[64, 8, 1, 0], ids=lambda bits: f"{bits} bits")
def hash_mask(request: pytest.FixtureRequest, compiled: Implementation) -> Iterator[int]:
    """Keep only so many bits of the hashes in what the compiled implementation builds; the mask is for the other's."""
    hook: Any = importlib.import_module("matchcore._compile")
    before = hook._testing_hash_bits(request.param)
    yield (1 << request.param) - 1
    assert hook._testing_hash_bits(before) == request.param


@pytest.fixture(scope="session", params=["compiled", "reference"])
def small(request: pytest.FixtureRequest, compiled: Implementation) -> bytes:
    """Return a snapshot with cells of every kind, by either writer."""
    snapshot: bytes = (
        write(SMALL, 7) if request.param == "reference" else compiled.Index.build(SMALL, version=7).to_bytes()
    )
    return snapshot


@given(drawn=rules_and_events(), clients=client_choices, version=versions)
@settings(suppress_health_check=SHARED_FIXTURE)
def test_the_compiled_reads_what_the_reference_writes(
    compiled: Implementation, reference: Implementation, hash_mask: int, drawn: Any, clients: list[str], version: int
) -> None:
    rules, events = drawn
    index = compiled.Index.from_buffer(write(rules, version, hash_mask=hash_mask))
    assert_same_index(index, reference.Index.build(rules, version=version), events, clients)


@given(drawn=rules_and_events(), version=versions)
@settings(suppress_health_check=SHARED_FIXTURE)
def test_the_reference_reads_what_the_compiled_writes(
    compiled: Implementation, reference: Implementation, hash_mask: int, drawn: Any, version: int
) -> None:
    index = compiled.Index.build(drawn[0], version=version)
    for verify in (True, False):
        assert_same_rules(reference.Index.from_buffer(index.to_bytes(), verify), index)


def rules_of(*patterns: tuple[str, str, str]) -> list[Rule]:
    """Give each pattern a rule, and many of them the same clients."""
    return [Rule(f"r{n}", f"c{n * 7 % 50}", *pattern) for n, pattern in enumerate(patterns)]


MANY_PAIRS = [(("HIGH", "LOW", "*")[n % 3], f"s{n % 97}", f"n{n % 89}") for n in range(4_000)]
MANY_SEVERITIES = [(f"v{n}", "s" if n % 2 else "*", "n" if n % 3 else "*") for n in range(4_000)]
# 26 bits of a pair slot are its key, and 6 are left for the count: two pairs of a thousand have more rules.
PAIR_TOO_LARGE = [
    *((f"v{n}", "*", "*") for n in range(100)),
    *(("HIGH", f"s{n}", f"n{n % 300}") for n in range(1_000)),
    *[("*", "s7", "n7"), ("LOW", "s7", "n7")] * 100,
]
# 17 bits of a count are the severity's, and what is left does not hold the rules of one source and one severity.
COUNT_TOO_LARGE = [(f"v{n}", "*", "*") for n in range(2**16)] + [("*", "s", "*"), ("v7", "*", "*")] * 2**15


def check_both_ways(compiled: Implementation, rules: list[Rule], hash_mask: int) -> list[bytes]:
    """Let each implementation read the other's bytes and its own, and return them."""
    reader: Any = importlib.import_module("matchcore._reference_reader")
    ours = compiled.Index.build(rules, version=3)
    snapshots = [ours.to_bytes(), write(rules, 3, hash_mask=hash_mask)]
    for snapshot in snapshots:
        assert reader.read(snapshot, True) == (rules, 3)
        theirs = compiled.Index.from_buffer(snapshot)
        assert list(theirs.rules()) == rules
        for rule in rules[:: len(rules) // 100]:
            assert rule.rule_id in theirs
            assert_same_matches(theirs.match(*rule[2:]), ours.match(*rule[2:]))
    return snapshots


def bigs_of(snapshot: bytes) -> int:
    """Return the number of bigs."""
    size: int = struct.unpack_from("<Q", snapshot, 200 + 16 * BIGS + 8)[0]
    return size // 16


@pytest.mark.parametrize("patterns", [MANY_PAIRS, MANY_SEVERITIES], ids=["pairs", "severities"])
def test_many_cells(compiled: Implementation, hash_mask: int, patterns: Any) -> None:
    check_both_ways(compiled, rules_of(*patterns), hash_mask)


def test_pairs_with_more_rules_than_their_count_can_say(compiled: Implementation, hash_mask: int) -> None:
    for snapshot in check_both_ways(compiled, rules_of(*PAIR_TOO_LARGE), hash_mask):
        assert bigs_of(snapshot) == 2


def test_fields_with_more_rules_than_their_count_can_say(compiled: Implementation) -> None:
    for snapshot in check_both_ways(compiled, rules_of(*COUNT_TOO_LARGE), 2**64 - 1):
        assert bigs_of(snapshot) == 2


TYPES = {"u8": "B", "u32": "I", "u64": "Q", "i64": "q"}


def documented_header() -> list[tuple[int, str, str]]:
    """Return the offset, the struct format and the name of each field in the document's table."""
    rows = []
    for line in DOCUMENT.read_text(encoding="utf-8").partition("## Header")[2].partition("## Records")[0].splitlines():
        if found := re.match(r"\| (\d+) \| ([^|]+) \| ([^|]+) \|", line):
            offset, kind, name = found.groups()
            kind = re.sub(r"(\d+) bytes", lambda size: f"{size[1]}s", kind)
            kind = re.sub(r"(u\d+) × (\d+)", lambda array: array[1] * int(array[2]), kind)
            kind = re.sub(r"(\d+) × \((.*)\)", lambda array: array[2] * int(array[1]), kind)
            kind = re.sub(r"[ui]\d+", lambda number: TYPES[number[0]], kind).replace(", ", "")
            rows.append((int(offset), f"<{kind}", name.strip()))
    return rows


def test_the_table_of_the_header_is_without_gaps() -> None:
    at = 0
    for offset, kind, _ in documented_header():
        assert offset == at
        at += struct.calcsize(kind)
    assert at == 512


def test_the_header_is_what_the_table_says(small: bytes) -> None:
    fields = {name: struct.unpack_from(kind, small, offset) for offset, kind, name in documented_header()}
    assert fields["magic"] == (b"MATCHCOR",)
    assert (*fields["format"], *fields["header_size"], *fields["version"]) == (1, 512, 7)
    assert fields["size"] == (len(small),)
    assert fields["checksum"] == (checksum(small[: CHECKSUM.start] + bytes(8) + small[CHECKSUM.stop :]),)
    assert fields["hash_mask"] == (2**64 - 1,)
    assert fields["counts"] == (2, 2, 2, 3, 6)
    assert fields["wild"] == (1,)
    assert fields["widths"] == (2, 2, 2, 4, 1, 3)
    sections = list(zip(fields["sections"][::2], fields["sections"][1::2], strict=True))
    ends = [0, *(offset + size for offset, size in sections)]
    for (offset, _), end in zip([*sections, (len(small), 0)], [512, *ends[1:]], strict=True):
        assert offset == end if end == 512 else end + 8 <= offset < end + 72
        assert offset % 64 == 0
        assert not any(small[end:offset])
    for place in range(5):
        slots, width, ref_bits = fields["slots"][3 * place : 3 * place + 3]
        assert sections[7 + place][1] == slots * width
        assert ref_bits < 8 * width
    assert sections[12][1] >= 64 * fields["buckets"][0]
    assert sections[13][1] == len(SMALL)
    assert sections[14][1] == 0


def test_every_build_has_its_own_seed() -> None:
    assert write(SMALL, 7)[40:48] != write(SMALL, 7)[40:48]


def test_the_reference_finds_every_flipped_byte(reference: Implementation, small: bytes) -> None:
    for place in range(len(small)):
        damaged = bytearray(small)
        damaged[place] ^= 1 << place % 8
        with pytest.raises(SnapshotError):
            reference.Index.from_buffer(damaged)


def verdict(impl: Implementation, snapshot: bytes) -> list[Rule] | None:
    """Return the rules of a snapshot, or None when it is refused."""
    try:
        return list(impl.Index.from_buffer(snapshot).rules())
    except SnapshotError:
        return None


def test_both_judge_a_flipped_bit_alike(compiled: Implementation, reference: Implementation, small: bytes) -> None:
    """With the checksum mended, so that all the other checks have their turn."""
    for place in range(len(small)):
        damaged = bytearray(small)
        damaged[place] ^= 1 << place * 5 % 8
        sealed = seal(bytes(damaged))
        assert verdict(reference, sealed) == verdict(compiled, sealed), place


edits = st.tuples(st.integers(0, 2**16), st.sampled_from((0, 1, 2, 3, 4, 7, 0x3F, 0x7F, 0x80, 0xFE, 0xFF)))


@given(changes=st.lists(edits, min_size=1, max_size=4))
@settings(max_examples=10 * settings().max_examples)
def test_both_judge_damage_alike(
    compiled: Implementation, reference: Implementation, small: bytes, changes: list[tuple[int, int]]
) -> None:
    damaged = bytearray(small)
    for place, value in changes:
        damaged[place % len(damaged)] = value
    sealed = seal(bytes(damaged))
    assert verdict(reference, sealed) == verdict(compiled, sealed)


@given(data=st.data(), drawn=rules_and_events())
def test_damage_never_surprises_the_reference(reference: Implementation, data: st.DataObject, drawn: Any) -> None:
    snapshot = bytearray(write(drawn[0], 1))
    for place in data.draw(st.lists(st.integers(0, len(snapshot) - 1), max_size=4)):
        snapshot[place] ^= data.draw(st.integers(1, 255))
    for verify in (True, False):
        with suppress(SnapshotError):
            reference.Index.from_buffer(snapshot, verify)
