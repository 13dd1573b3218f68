"""Columns that come through Arrow's PyCapsule protocol: pyarrow, polars, and objects of which no more is known."""

from typing import Any

import polars as pl
import pyarrow as pa  # type: ignore[import-untyped]
import pytest

from fix_columns import COLUMNS, LABELS, TEXTS, Maker
from fix_impl import Implementation
from fix_rules import RULES
from matchcore import Rule, RuleError, RuleTypeError


class ArrayCapsule:
    """An Arrow array of which only the protocol is known."""

    def __init__(self, values: list[Any]) -> None:
        self._array = pa.array(values, pa.string())

    def __arrow_c_array__(self, requested_schema: object | None = None) -> Any:
        return self._array.__arrow_c_array__(requested_schema)


class StreamCapsule:
    """An Arrow stream of which only the protocol is known."""

    def __init__(self, values: list[Any]) -> None:
        self._array = pa.chunked_array([values[:1], [], values[1:]], pa.string())

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> Any:
        return self._array.__arrow_c_stream__(requested_schema)


def sliced(values: list[Any]) -> Any:
    """Return an array that begins in the middle of its buffers, its validity bitmap too."""
    return pa.array(["before", None, *values, None, "after"], pa.string()).slice(2, len(values))


def indexed(values: list[Any]) -> Any:
    """Return a dictionary array whose nulls are in the dictionary, not among the indices."""
    return pa.DictionaryArray.from_arrays(pa.array(range(len(values)), pa.int32()), pa.array(values, pa.string()))


def two_series(values: list[Any]) -> Any:
    """Return a polars series of two chunks."""
    halves = [pl.Series(half, dtype=pl.String) for half in (values[:1], values[1:])]
    return pl.concat(halves, rechunk=False)


MAKERS: dict[str, Maker] = {
    "string": lambda values: pa.array(values, pa.string()),
    "large_string": lambda values: pa.array(values, pa.large_string()),
    "string_view": lambda values: pa.array(values, pa.string_view()),
    "dictionary": lambda values: pa.array(values, pa.string()).dictionary_encode(),
    "dictionary, int8 and large_string": lambda values: pa.array(values, pa.dictionary(pa.int8(), pa.large_string())),
    "dictionary, uint64": lambda values: pa.array(values, pa.dictionary(pa.uint64(), pa.string())),
    "dictionary by hand": indexed,
    "slice": sliced,
    "slice of string_view": lambda values: pa.array(["x", *values], pa.string_view()).slice(1),
    "slice of a dictionary": lambda values: pa.array(["x", *values, None]).dictionary_encode().slice(1, len(values)),
    "chunked": lambda values: pa.chunked_array([values[:2], [], values[2:]], pa.string()),
    "chunked dictionary": lambda values: pa.chunked_array([values[:2], values[2:]], pa.string()).dictionary_encode(),
    "chunked, no chunk": lambda values: pa.chunked_array([values] if values else [], pa.string()),
    "polars": lambda values: pl.Series(values, dtype=pl.String),
    "polars categorical": lambda values: pl.Series(values, dtype=pl.Categorical),
    "polars slice": lambda values: pl.Series(["x", *values, "y"], dtype=pl.String).slice(1, len(values)),
    "polars chunks": two_series,
    "array capsule": ArrayCapsule,
    "stream capsule": StreamCapsule,
}
NULLABLE = {kind: maker for kind, maker in MAKERS.items() if kind != "polars categorical"}


@pytest.mark.parametrize("kind", MAKERS)
class TestEveryKind:
    def test_rules(self, impl: Implementation, kind: str) -> None:
        index = impl.Index.from_columns(*map(MAKERS[kind], COLUMNS), version=7)
        assert list(index.rules()) == list(RULES)
        assert index.version == 7
        assert index == impl.Index.build(RULES)

    def test_events(self, impl: Implementation, kind: str) -> None:
        index = impl.Index.build(RULES)
        batch = index.match_batch(*map(MAKERS[kind], COLUMNS[2:]))
        assert list(batch) == [index.match(*rule[2:]) for rule in RULES]

    def test_no_value(self, impl: Implementation, kind: str) -> None:
        assert len(impl.Index.from_columns(*[MAKERS[kind]([])] * 5)) == 0
        assert len(impl.Index.build(RULES).match_batch(*[MAKERS[kind]([])] * 3)) == 0

    def test_text_of_every_width(self, impl: Implementation, kind: str) -> None:
        ids, plain, column = [f"r{n}" for n in range(len(TEXTS))], ["x"] * len(TEXTS), MAKERS[kind](TEXTS)
        index = impl.Index.from_columns(ids, plain, plain, column, column)
        assert [(rule.source, rule.name) for rule in index.rules()] == [(text, text) for text in TEXTS]

    def test_columns_may_be_mixed_and_go_away(self, impl: Implementation, kind: str) -> None:
        columns: list[Any] = [COLUMNS[0], MAKERS[kind](COLUMNS[1]), *COLUMNS[2:]]
        index = impl.Index.from_columns(*columns)
        del columns
        assert list(index.rules()) == list(RULES)

    def test_an_empty_id_is_told(self, impl: Implementation, kind: str) -> None:
        clients = ["a", "b", "", "d", "", "f"]
        with pytest.raises(RuleError) as caught:
            impl.Index.from_columns(*map(MAKERS[kind], [COLUMNS[0], clients, *COLUMNS[2:]]))
        error = caught.value
        assert (error.position, error.field, error.reason) == (2, "client_id", "must not be empty")

    def test_a_duplicate_is_told(self, impl: Implementation, kind: str) -> None:
        ids = ["a", "b", "c", "b", "a", "f"]
        with pytest.raises(RuleError) as caught:
            impl.Index.from_columns(*map(MAKERS[kind], [ids, *COLUMNS[1:]]))
        error = caught.value
        assert (error.position, error.field) == (3, "rule_id")
        assert error.reason == "'b' is already the id of rule 1"

    @pytest.mark.parametrize("place", range(5))
    def test_columns_are_of_one_length(self, impl: Implementation, kind: str, place: int) -> None:
        columns = [list(column) for column in COLUMNS]
        columns[place].append("x")
        with pytest.raises(ValueError, match=LABELS[place] if place else "client_ids|rule_ids"):
            impl.Index.from_columns(*map(MAKERS[kind], columns))


@pytest.mark.parametrize("kind", NULLABLE)
@pytest.mark.parametrize(("place", "field"), [*enumerate(Rule._fields)])
def test_a_null_is_no_rules_field(impl: Implementation, kind: str, place: int, field: str) -> None:
    columns: list[list[Any]] = [list(column) for column in COLUMNS]
    columns[place][4] = None
    with pytest.raises(RuleTypeError) as caught:
        impl.Index.from_columns(*map(NULLABLE[kind], columns))
    assert (caught.value.position, caught.value.field) == (4, field)


@pytest.mark.parametrize("kind", NULLABLE)
@pytest.mark.parametrize(("place", "label"), [*enumerate(LABELS[2:])])
def test_a_null_is_no_events_field(impl: Implementation, kind: str, place: int, label: str) -> None:
    columns: list[list[Any]] = [list(column) for column in COLUMNS[2:]]
    columns[place][4] = None
    with pytest.raises(TypeError) as caught:
        impl.Index.build(RULES).match_batch(*map(NULLABLE[kind], columns))
    assert str(caught.value).startswith(f"{label}[4] must be a str")


@pytest.mark.parametrize("count", [7, 8, 9, 63, 64, 65, 1000])
def test_a_null_anywhere_in_a_bitmap_is_found(impl: Implementation, count: int) -> None:
    for null in (0, count // 2, count - 1):
        names: list[Any] = ["x"] * count
        names[null] = None
        ids = [f"r{n}" for n in range(count)]
        with pytest.raises(RuleTypeError) as caught:
            impl.Index.from_columns(ids, ids, ids, ids, pa.array(["before", *names], pa.string()).slice(1))
        assert (caught.value.position, caught.value.field) == (null, "name")


NOT_COLUMNS = {
    "int64": pa.array(range(6)),
    "binary": pa.array([b"a"] * 6),
    "list": pa.array([["a"]] * 6),
    "null": pa.nulls(6),
    "dictionary of int64": pa.array([5] * 6).dictionary_encode(),
    "chunked int64": pa.chunked_array([range(6)]),
    "table": pa.table({"a": ["x"] * 6}),
    "polars int": pl.Series(range(6)),
    "polars frame": pl.DataFrame({"a": ["x"] * 6}),
}


@pytest.mark.parametrize("kind", NOT_COLUMNS)
@pytest.mark.parametrize("place", [0, 3])
def test_what_holds_no_strings_is_no_column(impl: Implementation, kind: str, place: int) -> None:
    columns: list[Any] = [*COLUMNS]
    columns[place] = NOT_COLUMNS[kind]
    with pytest.raises(TypeError):
        impl.Index.from_columns(*columns)
    with pytest.raises(TypeError):
        impl.Index.build(RULES).match_batch(NOT_COLUMNS[kind], *COLUMNS[3:])


@pytest.mark.parametrize("kind", ["string", "large_string", "string_view"])
def test_arrow_text_that_is_not_utf8_is_refused(impl: Implementation, kind: str) -> None:
    types = {"string": pa.string(), "large_string": pa.large_string(), "string_view": pa.string_view()}
    # Arrow trusts who made the array; an index cannot.
    raw = pa.array([b"a", b"\xff\xfe", b"c", b"d", b"e", b"f"], pa.binary())
    unchecked = raw.view(pa.string()).cast(types[kind])
    with pytest.raises(ValueError, match=r"(?i)utf-?8|unicode|decode"):
        impl.Index.from_columns(*COLUMNS[:4], unchecked)
