"""The tree of errors and what they say."""

import pickle

import pytest

from matchcore import MatchcoreError, RuleError, RuleTypeError, SnapshotError, WireError


@pytest.mark.parametrize(
    ("error", "parents"),
    [
        (RuleError, (MatchcoreError, ValueError)),
        (RuleTypeError, (RuleError, TypeError)),
        (SnapshotError, (MatchcoreError, ValueError)),
        (WireError, (MatchcoreError, ValueError)),
    ],
)
def test_an_error_is_also_the_builtin_that_callers_expect(
    error: type[Exception], parents: tuple[type[Exception], ...]
) -> None:
    assert error.__bases__ == parents


def test_a_rule_error_names_position_and_field() -> None:
    error = RuleError(3, "client_id", "must not be empty")
    assert (error.position, error.field, error.reason) == (3, "client_id", "must not be empty")
    assert str(error) == "rule 3, client_id: must not be empty"


def test_a_rule_error_about_the_whole_rule_names_no_field() -> None:
    error = RuleTypeError(3, None, "is not a tuple of 5 fields")
    assert error.field is None
    assert str(error) == "rule 3: is not a tuple of 5 fields"


def test_a_wire_error_names_the_offset() -> None:
    error = WireError(12, "is cut short")
    assert (error.offset, error.reason) == (12, "is cut short")
    assert str(error) == "byte 12: is cut short"


@pytest.mark.parametrize(
    "error",
    [RuleError(3, "name", "why"), RuleTypeError(3, None, "why"), WireError(12, "why"), SnapshotError("why")],
    ids=lambda error: type(error).__name__,
)
def test_an_error_survives_pickle(error: Exception) -> None:
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is type(error)
    assert str(copy) == str(error)
    assert vars(copy) == vars(error)
