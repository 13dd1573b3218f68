"""Columns that are sequences or numpy arrays."""

from typing import Any

import numpy as np
import pytest

from fix_columns import COLUMNS, LABELS, PLAIN_MAKERS, TEXTS
from fix_impl import Implementation
from fix_rules import RULES
from matchcore import Rule, RuleError, RuleTypeError

MAKERS = PLAIN_MAKERS


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


@pytest.mark.parametrize("kind", ["list", "tuple", "numpy object", "numpy object, backwards"])
@pytest.mark.parametrize(("place", "field"), [*enumerate(Rule._fields)])
class TestObjects:
    @pytest.mark.parametrize(("value", "type_name"), [(5, "int"), (None, "NoneType"), (b"x", "bytes")])
    def test_another_type_is_told(
        self, impl: Implementation, kind: str, place: int, field: str, value: object, type_name: str
    ) -> None:
        columns: list[list[Any]] = [list(column) for column in COLUMNS]
        columns[place][4] = value
        with pytest.raises(RuleTypeError) as caught:
            impl.Index.from_columns(*map(MAKERS[kind], columns))
        error = caught.value
        assert (error.position, error.field, error.reason) == (4, field, f"must be a str, not {type_name}")

    def test_a_lone_surrogate_is_told(self, impl: Implementation, kind: str, place: int, field: str) -> None:
        columns = [list(column) for column in COLUMNS]
        columns[place][4] = "abc\udfff"
        with pytest.raises(RuleError) as caught:
            impl.Index.from_columns(*map(MAKERS[kind], columns))
        error = caught.value
        assert (error.position, error.field, error.reason) == (4, field, "has a lone surrogate at character 3")


def test_a_lone_surrogate_in_a_numpy_array_of_text_is_told(impl: Implementation) -> None:
    with pytest.raises(RuleError) as caught:
        impl.Index.from_columns(*COLUMNS[:4], np.array([*COLUMNS[4][:5], "ab\ud800"]))
    error = caught.value
    assert (error.position, error.field, error.reason) == (5, "name", "has a lone surrogate at character 2")


def test_of_several_faults_the_lowest_position_is_told(impl: Implementation) -> None:
    columns: list[list[Any]] = [list(column) for column in COLUMNS]
    columns[0][3], columns[4][2], columns[2][2] = "", 5, None
    with pytest.raises(RuleError) as caught:
        impl.Index.from_columns(*columns)
    assert (caught.value.position, caught.value.field) == (2, "severity")


NOT_COLUMNS = {
    "numpy int": np.arange(6),
    "numpy float": np.zeros(6),
    "numpy bytes": np.array([b"a"] * 6),
    "ints": [5] * 6,
    "bytes in a list": [b"a"] * 6,
    "None": None,
    "int": 5,
    "str": "abcdef",
    "bytes": b"abcdef",
    "dict": dict.fromkeys("abcdef"),
    "set": set("abcdef"),
    "generator": (letter for letter in "abcdef"),
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


def test_a_column_has_one_dimension(impl: Implementation) -> None:
    with pytest.raises((TypeError, ValueError)):
        impl.Index.from_columns(*[np.array([["a", "b"], ["c", "d"]])] * 5)


@pytest.mark.parametrize(
    ("version", "error"), [(-1, ValueError), (2**63, ValueError), (True, TypeError), ("1", TypeError)]
)
def test_the_version_is_checked(impl: Implementation, version: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match="version"):
        impl.Index.from_columns(*COLUMNS, version=version)
