from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.rule_set.base import BaseInfo, describe, open_base
from alerting.runtime.errors import Malformed
from matchcore import Index

INDEX = Index.build([("r1", "acme", "HIGH", "api", "*"), ("r2", "zeta", "*", "*", "Up")], version=7)
SNAPSHOT = INDEX.to_bytes()
INFO = describe(INDEX, SNAPSHOT, "h1", 1_700_000_000, chunk_bytes=100)


def chunks(snapshot: bytes = SNAPSHOT) -> list[bytes]:
    return [snapshot[i : i + 100] for i in range(0, len(snapshot), 100)]


def fields(info: BaseInfo = INFO) -> dict[bytes, bytes]:
    return {name.encode(): value.encode() for name, value in info.fields().items()}


def test_describes_what_is_checked() -> None:
    assert (INFO.version, INFO.rules, INFO.size, INFO.chunks) == (7, 2, len(SNAPSHOT), len(chunks()))
    assert INFO.history == "h1"
    assert set(INFO.fields()) >= {"version", "rules", "bytes", "chunks", "checksum", "built_at"}
    assert BaseInfo.from_fields(fields()) == INFO


def test_opens_what_was_described() -> None:
    index = open_base(INFO, chunks())
    assert index == INDEX
    assert index.version == 7


def test_one_chunk_is_opened_as_it_is() -> None:
    assert open_base(describe(INDEX, SNAPSHOT, "h", 1), [SNAPSHOT]) == INDEX


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (chunks()[:-1], "bytes instead of"),
        (chunks()[1:], "bytes instead of"),
        ([], "bytes instead of"),
        ([*chunks(), b"x"], "bytes instead of"),
        (chunks()[::-1], "checksum"),
    ],
)
def test_refuses_other_chunks(wrong: list[bytes], message: str) -> None:
    with pytest.raises(Malformed, match=message):
        open_base(INFO, wrong)


@given(st.integers(0, len(SNAPSHOT) - 1), st.integers(1, 255))
def test_refuses_any_changed_byte(place: int, change: int) -> None:
    damaged = bytearray(SNAPSHOT)
    damaged[place] ^= change
    with pytest.raises(Malformed):
        open_base(INFO, chunks(bytes(damaged)))


def test_refuses_what_is_no_snapshot_whatever_its_checksum() -> None:
    garbage = b"x" * 500
    with pytest.raises(Malformed, match="base 7"):
        open_base(describe(INDEX, garbage, "h", 1), [garbage])


@pytest.mark.parametrize("wrong", [replace(INFO, version=8), replace(INFO, rules=3)])
def test_refuses_another_version_or_number_of_rules(wrong: BaseInfo) -> None:
    with pytest.raises(Malformed, match="holds 2 of version 7"):
        open_base(wrong, chunks())


@pytest.mark.parametrize("name", ["version", "rules", "bytes", "chunks", "built_at"])
def test_a_hash_needs_its_numbers(name: str) -> None:
    with pytest.raises(Malformed, match=name):
        BaseInfo.from_fields({key: value for key, value in fields().items() if key != name.encode()})
    for wrong in (b"", b"x", b"-1"):
        with pytest.raises(Malformed, match=name):
            BaseInfo.from_fields(fields() | {name.encode(): wrong})


def test_a_hash_of_another_writer_has_no_history() -> None:
    assert BaseInfo.from_fields({key: value for key, value in fields().items() if key != b"history"}).history == ""
