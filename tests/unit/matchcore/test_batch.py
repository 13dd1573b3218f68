"""`match_batch` and its columns."""

import gc
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from fix_impl import Implementation

EVENTS = [("HIGH", "api", "timeout"), ("", "", ""), ("LOW", "db", "disk"), ("HIGH", "api", "timeout")]
COLUMNS: list[list[Any]] = [list(column) for column in zip(*EVENTS, strict=True)]


@pytest.fixture
def batch(index: Any) -> Any:
    """Return the matches of `EVENTS`."""
    return index.match_batch(*COLUMNS)


def test_each_event_matches_as_it_does_alone(view: Any) -> None:
    batch = view.match_batch(*COLUMNS)
    assert list(batch) == [view.match(*event) for event in EVENTS]
    assert [list(matches.items()) for matches in batch] == [list(view.match(*event).items()) for event in EVENTS]


def test_offsets_bound_each_events_matches(batch: Any) -> None:
    assert batch.offsets.tolist() == [0, 5, 6, 8, 13]
    assert batch.offsets.dtype == np.uint64


def test_ordinals_come_by_client_then_rule(batch: Any) -> None:
    assert batch.rule_ordinals.tolist() == [0, 2, 1, 3, 5, 2, 2, 4, 0, 2, 1, 3, 5]
    assert batch.client_ordinals.tolist() == [0, 0, 1, 1, 2, 0, 0, 1, 0, 0, 1, 1, 2]
    assert batch.rule_ordinals.dtype == batch.client_ordinals.dtype == np.uint32


def test_it_is_a_sequence(impl: Implementation, batch: Any) -> None:
    assert isinstance(batch, Sequence)
    assert isinstance(batch, impl.MatchBatch)
    assert isinstance(batch[0], impl.Matches)
    assert len(batch) == 4
    assert batch[1] == batch[-3] == {"zeta": ("r5",)}
    assert [len(matches) for matches in reversed(batch)] == [3, 2, 1, 3]
    assert {"zeta": ("r5",)} in batch
    assert batch.index({"zeta": ("r5",)}) == 1
    assert batch.count(batch[0]) == 2


@pytest.mark.parametrize(
    "cut", [slice(None), slice(1, 3), slice(None, None, -1), slice(-2, 10), slice(3, 1), slice(0, 4, 2)]
)
def test_a_slice_is_a_list(batch: Any, cut: slice) -> None:
    assert type(batch[cut]) is list
    assert batch[cut] == list(batch)[cut]


@pytest.mark.parametrize("place", [4, -5, 2**40, -(2**70)])
def test_there_is_nothing_past_the_end(batch: Any, place: int) -> None:
    with pytest.raises(IndexError):
        batch[place]


@pytest.mark.parametrize("place", ["0", None, 1.0])
def test_a_place_is_an_int(batch: Any, place: Any) -> None:
    with pytest.raises(TypeError):
        batch[place]


def test_no_event_is_a_batch_too(view: Any) -> None:
    batch = view.match_batch([], [], [])
    assert len(batch) == 0
    assert list(batch) == []
    assert batch.offsets.tolist() == [0]
    assert batch.rule_ordinals.tolist() == batch.client_ordinals.tolist() == []


def test_no_rule_is_an_index_too(impl: Implementation) -> None:
    batch = impl.Index.build([]).match_batch(*COLUMNS)
    assert batch.offsets.tolist() == [0, 0, 0, 0, 0]
    assert list(batch) == [{}, {}, {}, {}]


@pytest.mark.parametrize("size", [1, 7, 8, 9, 15, 16, 17, 31, 33, 100, 1000])
def test_any_number_of_events(impl: Implementation, size: int) -> None:
    index = impl.Index.build([(f"r{n}", f"c{n % 3}", "*", f"s{n}", "*") for n in range(50)])
    sources = [f"s{n % 60}" for n in range(size)]
    batch = index.match_batch(["HIGH"] * size, sources, ["x"] * size)
    assert list(batch) == [index.match("HIGH", source, "x") for source in sources]


def test_the_arrays_outlive_batch_and_index(impl: Implementation) -> None:
    index = impl.Index.build([(f"r{n}", "acme", "*", "*", "*") for n in range(1000)])
    batch = index.match_batch(["x"] * 50, ["x"] * 50, ["x"] * 50)
    offsets, rules, clients, matches = batch.offsets, batch.rule_ordinals, batch.client_ordinals, batch[49]
    del batch, index
    gc.collect()
    assert offsets.tolist() == list(range(0, 50_001, 1000))
    assert rules.tolist() == list(range(1000)) * 50
    assert not clients.any()
    assert matches.count() == 1000


@pytest.mark.parametrize(("place", "column"), [*enumerate(["severities", "sources", "names"])])
class TestFaults:
    def test_a_value_is_a_str(self, view: Any, place: int, column: str) -> None:
        columns = [["x"] * 9 for _ in range(3)]
        columns[place][7] = 5  # type: ignore[call-overload]
        with pytest.raises(TypeError) as caught:
            view.match_batch(*columns)
        assert str(caught.value) == f"{column}[7] must be a str, not int"

    def test_a_value_has_no_lone_surrogate(self, view: Any, place: int, column: str) -> None:
        columns = [["x"] * 9 for _ in range(3)]
        columns[place][7] = "abc\ud800"
        with pytest.raises(ValueError, match="surrogate") as caught:
            view.match_batch(*columns)
        assert str(caught.value) == f"{column}[7] has a lone surrogate at character 3"

    def test_columns_are_of_one_length(self, view: Any, place: int, column: str) -> None:
        columns = [["x"] * 9 for _ in range(3)]
        columns[place].append("x")
        with pytest.raises(ValueError, match=column if place else r"severities|sources"):
            view.match_batch(*columns)

    @pytest.mark.parametrize("value", [None, 5, "abc"])
    def test_a_column_is_a_column(self, view: Any, place: int, column: str, value: Any) -> None:
        columns: list[Any] = [["x"] * 3 for _ in range(3)]
        columns[place] = value
        with pytest.raises(TypeError, match=column):
            view.match_batch(*columns)
