"""Snapshots whose checksum is right and whose content is not.

`verify` promises that no lookup leaves the buffer, not that the rules are those that anybody wrote: what is accepted
must answer without a crash and without contradicting itself.
"""

import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fix_impl import Implementation
from fix_snapshot import CHECKSUM, seal
from fix_strategies import delimited
from matchcore import Rule, SnapshotError

RULES = (
    *(Rule(f"r{n}", f"c{n % 3}", ("HIGH", "LOW", "*")[n % 3], f"s{n % 2}", "timeout") for n in range(6)),
    Rule("wild", "acme", "*", "*", "*"),
    Rule("severity", "acme", "HIGH", "*", "*"),
    Rule("source", "c1", "HIGH", "s1", "*"),
    Rule("name", "c1", "*", "*", "disk"),
    Rule("é", "日本", "LOW", "", "x" * 40),
)
EVENTS = [
    ("HIGH", "s0", "timeout"),
    ("LOW", "s1", "timeout"),
    ("HIGH", "s1", "disk"),
    ("LOW", "", "x" * 40),
    ("", "", ""),
]


@pytest.fixture(scope="session")
def snapshot(compiled: Implementation) -> bytes:
    """Return a snapshot with cells of every kind."""
    made: bytes = compiled.Index.build(RULES, version=7).to_bytes()
    return made


def accept_or_refuse(compiled: Implementation, damaged: bytes) -> bool:
    """Return whether a snapshot is accepted, after asking it everything."""
    try:
        index = compiled.Index.from_buffer(seal(damaged))
    except SnapshotError:
        return False
    ask_everything(compiled, index)
    return True


def ask_everything(compiled: Implementation, index: Any) -> None:
    """Use all that an index has; under the sanitizers, a read out of bounds ends the process."""
    assert 0 <= index.version < 2**63
    rules = list(index.rules())
    events = [*EVENTS, *(rule[2:] for rule in rules)]
    batch = index.match_batch(*([event[place] for event in events] for place in range(3)))
    for event, matches in zip(events, batch, strict=True):
        assert index.match(*event) == matches
        assert index.count(*event) == matches.count() == len(index.match_ordinals(*event))
        assert len(index.explain(*event)) == matches.count()
        assert index.match(*event, limit=1, clients=list(matches)).count() <= 1
    assert [rule.rule_id for rule in rules] == list(index) == [index.rule_id(n) for n in range(len(index))]
    assert len({index.client_id(n) for n in range(index.client_count)}) <= index.client_count
    assert "nobody" not in index
    live = compiled.LiveIndex(index)
    if index.version < 2**63 - 1:
        live.apply([("new", "c1", "*", "s0", "*")], list(index)[::2])
        live.match("HIGH", "s0", "timeout").rules()
    alert = delimited(5, b"s0") + delimited(6, b"timeout") + b"\x20\x03"
    compiled.Router(live).route_batch([alert, b""])


def test_the_seal_is_the_librarys_own(snapshot: bytes) -> None:
    assert seal(snapshot) == snapshot


def test_every_flipped_bit(compiled: Implementation, snapshot: bytes) -> None:
    damaged, accepted = bytearray(snapshot), 0
    for place in (place for place in range(len(snapshot)) if place not in range(CHECKSUM.start, CHECKSUM.stop)):
        bit = 1 << place % 8
        damaged[place] ^= bit
        accepted += accept_or_refuse(compiled, bytes(damaged))
        damaged[place] ^= bit
    # Some bits mean nothing but themselves: those of the version, of the seed, of the ids' characters.
    assert 0 < accepted < len(snapshot) // 4


@given(
    edits=st.lists(
        st.tuples(st.integers(0, 2**16), st.sampled_from((0, 1, 2, 7, 0x7F, 0x80, 0xFE, 0xFF))), min_size=1, max_size=4
    )
)
def test_changed_bytes(compiled: Implementation, snapshot: bytes, edits: list[tuple[int, int]]) -> None:
    damaged = bytearray(snapshot)
    for place, value in edits:
        damaged[place % len(damaged)] = value
    accept_or_refuse(compiled, bytes(damaged))


HEADER_WORDS = 512 // 4
NUMBERS = (0, 1, 2, 7, 8, 63, 64, 511, 512, 513, 2**16, 2**31 - 1, 2**31, 2**32 - 64, 2**32 - 1)


@pytest.mark.parametrize("word", [word for word in range(HEADER_WORDS) if word not in (6, 7)])
def test_every_word_of_the_header(compiled: Implementation, snapshot: bytes, word: int) -> None:
    for number in NUMBERS:
        damaged = bytearray(snapshot)
        struct.pack_into("<I", damaged, 4 * word, number)
        accept_or_refuse(compiled, bytes(damaged))


@given(place=st.integers(0, 2**16), number=st.sampled_from(NUMBERS), size=st.sampled_from((1, 2, 4)))
def test_changed_words(compiled: Implementation, snapshot: bytes, place: int, number: int, size: int) -> None:
    damaged = bytearray(snapshot)
    place = 512 + place % (len(snapshot) - 512 - size)
    damaged[place : place + size] = number.to_bytes(8, "little")[:size]
    accept_or_refuse(compiled, bytes(damaged))


@given(end=st.integers(0, 2**10), more=st.binary(max_size=128))
def test_other_sizes(compiled: Implementation, snapshot: bytes, end: int, more: bytes) -> None:
    whole = snapshot[: end * 64] + more
    other = bytearray(whole[: len(whole) // 64 * 64])
    if len(other) < 64:
        return
    struct.pack_into("<Q", other, 16, len(other))
    accept_or_refuse(compiled, bytes(other))
