"""Snapshots: what goes in comes out, and nothing else does."""

import pickle
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fix_compare import assert_same_index, build_both
from fix_impl import Implementation
from fix_strategies import client_choices, rules_and_events, versions
from matchcore import Rule, SnapshotError

SMALL = (
    Rule("r1", "acme", "HIGH", "api", "*"),
    Rule("r2", "zeta", "*", "api", "timeout"),
    Rule("r3", "acme", "*", "*", "*"),
    Rule("é", "日本", "LOW", "", "disk"),
)


@pytest.fixture(scope="session")
def small(compiled: Implementation) -> bytes:
    """Return a snapshot with a bit of everything in it."""
    snapshot: bytes = compiled.Index.build(SMALL, version=7).to_bytes()
    return snapshot


def is_buffer(impl: Implementation) -> bool:
    """Return whether an index can be handed over as a buffer; Python's own classes can from 3.12 on."""
    return impl.name == "compiled" or sys.version_info >= (3, 12)


def copies(impl: Implementation, index: Any, path: Path) -> list[Any]:
    """Return the index by every way that there is out and in again."""
    index.save(path)
    snapshot = index.to_bytes()
    return [
        impl.Index.from_buffer(snapshot),
        impl.Index.from_buffer(snapshot, verify=False),
        impl.Index.from_buffer(memoryview(bytearray(b"x" * 8 + snapshot))[8:]),
        *([impl.Index.from_buffer(index)] if is_buffer(impl) else []),
        impl.Index.open(path),
        impl.Index.open(str(path), verify=False),
        *(pickle.loads(pickle.dumps(index, protocol)) for protocol in (2, 5)),
    ]


@given(drawn=rules_and_events(), clients=client_choices, version=versions)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_round_trip(
    impl: Implementation,
    reference: Implementation,
    tmp_path: Path,
    drawn: Any,
    clients: list[str],
    version: int,
) -> None:
    rules, events = drawn
    index, expected = build_both(impl, reference, rules, version)
    for copy in copies(impl, index, tmp_path / "snapshot"):
        assert copy == index
        assert_same_index(copy, expected, events, clients)


@given(drawn=rules_and_events())
def test_a_snapshot_of_a_snapshot_is_the_same(impl: Implementation, drawn: Any) -> None:
    index = impl.Index.build(drawn[0])
    snapshot = index.to_bytes()
    assert impl.Index.from_buffer(snapshot).to_bytes() == snapshot
    assert len(snapshot) == index.nbytes
    if is_buffer(impl):
        assert bytes(memoryview(index)) == snapshot


def test_every_flipped_bit_is_found(compiled: Implementation, small: bytes) -> None:
    damaged = bytearray(small)
    for place in range(len(damaged)):
        for bit in range(8):
            damaged[place] ^= 1 << bit
            with pytest.raises(SnapshotError):
                compiled.Index.from_buffer(bytes(damaged))
            damaged[place] ^= 1 << bit


def test_every_changed_byte_is_found(compiled: Implementation, small: bytes) -> None:
    for place in range(len(small)):
        for value in {0x00, 0xFF, 0x7F, 0x80, small[place] ^ 0xFF, (small[place] + 1) % 256} - {small[place]}:
            with pytest.raises(SnapshotError):
                compiled.Index.from_buffer(small[:place] + bytes([value]) + small[place + 1 :])


def test_every_truncation_is_found(impl: Implementation, small: bytes) -> None:
    for end in range(len(small)):
        for verify in (True, False):
            with pytest.raises(SnapshotError):
                impl.Index.from_buffer(small[:end], verify=verify)


@pytest.mark.parametrize("more", [b"\0", b"x", bytes(4096)])
def test_more_bytes_than_a_snapshot_has_are_found(impl: Implementation, small: bytes, more: bytes) -> None:
    with pytest.raises(SnapshotError):
        impl.Index.from_buffer(small + more)


@pytest.mark.parametrize("size", [0, 1, 7, 8, 63, 64, 4096])
@pytest.mark.parametrize("verify", [True, False])
def test_bytes_of_something_else(impl: Implementation, size: int, verify: bool) -> None:
    for byte in (b"\0", b"\xff", b"P"):
        with pytest.raises(SnapshotError):
            impl.Index.from_buffer(byte * size, verify=verify)


@given(edits=st.lists(st.tuples(st.integers(0, 2**16), st.integers(1, 255)), min_size=1, max_size=6))
def test_several_changes_are_found(impl: Implementation, small: bytes, edits: list[tuple[int, int]]) -> None:
    damaged = bytearray(small)
    for place, change in edits:
        damaged[place % len(damaged)] ^= change
    if damaged == small:
        return
    with pytest.raises(SnapshotError):
        impl.Index.from_buffer(bytes(damaged))


@given(payload=st.binary(max_size=400))
def test_random_bytes(impl: Implementation, small: bytes, payload: bytes) -> None:
    for hostile in (payload, small[:64] + payload, payload + small[len(payload) :]):
        if hostile != small:
            with pytest.raises(SnapshotError):
                impl.Index.from_buffer(hostile)


def test_a_file_of_something_else(impl: Implementation, small: bytes, tmp_path: Path) -> None:
    for name, content in {"empty": b"", "cut": small[:-1], "text": b"rules: []\n" * 50}.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(SnapshotError):
            impl.Index.open(tmp_path / name)


def test_a_file_that_is_not_there(impl: Implementation, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        impl.Index.open(tmp_path / "nothing")
    with pytest.raises(FileNotFoundError):
        impl.Index.build(SMALL).save(tmp_path / "no folder" / "snapshot")


def test_saving_replaces_a_file_that_is_open(impl: Implementation, tmp_path: Path) -> None:
    path = tmp_path / "snapshot"
    impl.Index.build(SMALL, version=1).save(path)
    before = impl.Index.open(path)
    impl.Index.build(SMALL[:1], version=2).save(path)
    assert (len(before), before.version, len(impl.Index.open(path))) == (4, 1, 1)
    assert list(before.rules()) == list(SMALL)
    assert [file.name for file in tmp_path.iterdir()] == ["snapshot"]


def test_a_saved_file_is_as_open_as_any_other(impl: Implementation, tmp_path: Path) -> None:
    impl.Index.build(SMALL).save(tmp_path / "snapshot")
    (tmp_path / "other").touch()
    assert (tmp_path / "snapshot").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_a_save_that_fails_leaves_nothing_behind(impl: Implementation, tmp_path: Path) -> None:
    (tmp_path / "snapshot").mkdir()
    with pytest.raises(OSError, match="snapshot"):
        impl.Index.build(SMALL).save(tmp_path / "snapshot")
    assert [file.name for file in tmp_path.iterdir()] == ["snapshot"]


@pytest.mark.parametrize("buffer", [None, 5, "text", ["x"]])
def test_what_is_no_buffer(impl: Implementation, buffer: Any) -> None:
    with pytest.raises(TypeError):
        impl.Index.from_buffer(buffer)


def test_a_buffer_that_may_change_is_copied(impl: Implementation, small: bytes) -> None:
    """What was verified must stay as it was, or a match could read out of bounds."""
    buffer = bytearray(small)
    index = impl.Index.from_buffer(buffer)
    buffer[:] = b"\xff" * len(buffer)
    assert list(index.rules()) == list(SMALL)
