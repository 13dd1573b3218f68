"""The public API as its users' type checkers see it. mypy reads this file; nobody runs it."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import assert_type

import numpy as np
from numpy.typing import NDArray

from matchcore import (
    WILDCARD,
    Explanation,
    Index,
    LiveIndex,
    MatchBatch,
    Matches,
    Router,
    Rule,
    RuleError,
    SnapshotError,
    View,
    WireError,
)


def build() -> Index:
    rule = Rule("r1", "acme", "HIGH", "payments", WILDCARD)
    assert_type(rule.rule_id, str)
    assert_type(Index.build([rule], version=7), Index)
    assert_type(Index.build(iter([("r2", "acme", "*", "payments", "timeout")])), Index)
    columns = ["r1"], ["acme"], ["HIGH"], ["payments"], np.array(["*"])
    return assert_type(Index.from_columns(*columns, version=7), Index)


def match(view: View) -> None:
    matches = view.match("HIGH", "payments", "timeout", limit=10, clients={"acme"})
    assert_type(matches, Matches)
    assert_type(matches["acme"], tuple[str, ...])
    assert_type(matches.get("acme"), tuple[str, ...] | None)
    assert_type(matches.rules(), list[str])
    assert_type(dict(matches), dict[str, tuple[str, ...]])
    mapping: Mapping[str, tuple[str, ...]] = matches
    assert_type(len(mapping), int)


def ask_for_less(view: View) -> None:
    assert_type(view.count("HIGH", "payments", "timeout", clients=["acme"]), int)
    assert_type(view.any("HIGH", "payments", "timeout"), bool)
    assert_type(view.match_ordinals("HIGH", "payments", "timeout", limit=3), tuple[int, ...])
    assert_type(view.rule_id(0), str)
    assert_type(list(view), list[str])
    assert_type(view.rules(), Iterator[Rule])
    assert_type("r1" in view, bool)


def match_many(view: View) -> None:
    batch = view.match_batch(["HIGH"], ["payments"], ["timeout"])
    assert_type(batch, MatchBatch)
    assert_type(batch.offsets, NDArray[np.uint64])
    assert_type(batch.rule_ordinals, NDArray[np.uint32])
    assert_type(batch.client_ordinals, NDArray[np.uint32])
    assert_type(batch[0], Matches)
    assert_type(batch[1:], list[Matches])


def explain(view: View) -> None:
    for explanation in view.explain("HIGH", "payments", "timeout"):
        assert_type(explanation, Explanation)
        assert_type(explanation.rule, Rule)
        assert_type(explanation.wildcards, tuple[str, ...])


def keep(index: Index, path: Path) -> Index:
    index.save(path)
    assert_type(Index.open(path, verify=False), Index)
    assert_type(index.to_bytes(), bytes)
    assert_type(memoryview(index), memoryview)
    try:
        return Index.from_buffer(bytearray(index.to_bytes()))
    except SnapshotError:
        return Index.open(str(path))


def change(live: LiveIndex) -> View:
    try:
        live.apply(upserts=[Rule("r1", "acme", "HIGH", "payments", "*")], deletes=["r2"], version=8)
    except RuleError as error:
        assert_type(error.position, int)
        assert_type(error.field, str | None)
    assert_type(live.compact(), Index)
    assert_type(live.version, int)
    assert_type(live.match("HIGH", "payments", "timeout"), Matches)
    return assert_type(live.reader(), View)


def route(index: Index, payloads: list[bytes]) -> int:
    assert_type(Router(LiveIndex(index)).route(payloads[0]), list[tuple[bytes, bytes]])
    failed = 0
    for routed in Router(index).route_batch(payloads):
        assert_type(routed, list[tuple[bytes, bytes]] | WireError)
        if isinstance(routed, WireError):
            failed += routed.offset
    return failed
