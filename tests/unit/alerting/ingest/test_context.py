import pytest

from alerting.ingest.context import MARKER, checked, fitted, size
from alerting.ingest.faults import Rejected

KIB_16 = 16 * 1_024


def keys(count: int) -> dict[str, str]:
    return {f"key{number}": "v" for number in range(count)}


def bytes_of(context: dict[str, str]) -> int:
    return sum(len(key.encode()) + len(value.encode()) for key, value in context.items())


@pytest.mark.parametrize(
    "context",
    [{}, keys(64), {"k": "x" * (KIB_16 - 1)}, {"k": "é" * (KIB_16 // 2 - 1) + "x"}, {"": ""}, {"k": "𝄞" * 4_095}],
)
def test_within_the_limits(context: dict[str, str]) -> None:
    assert checked(context, "context") == context
    assert fitted(dict(context)) == context


@pytest.mark.parametrize(
    "context",
    [keys(65), {"k": "x" * KIB_16}, {"k": "é" * (KIB_16 // 2)}, {"a": "x" * 8_192, "b": "x" * 8_191}],
)
def test_beyond_the_limits(context: dict[str, str]) -> None:
    with pytest.raises(Rejected) as error:
        checked(context, "context")
    assert error.value.field == "context"
    cut = fitted(dict(context))
    assert len(cut) <= 64
    assert bytes_of(cut) <= KIB_16
    assert MARKER in cut


def test_size_is_in_bytes() -> None:
    for context in (keys(3), {"é": "𝄞"}, {"k": "𝄞" * 5_000}):
        if bytes_of(context) * 4 > KIB_16:
            assert size(context) == bytes_of(context)
        assert (size(context) <= KIB_16) == (bytes_of(context) <= KIB_16)


def test_the_first_keys_are_kept() -> None:
    cut = fitted(keys(70))
    assert list(cut) == [*list(keys(63)), MARKER]
    assert cut[MARKER] == "key63, key64, key65, key66, key67, key68, key69"


def test_the_longest_values_are_cut() -> None:
    cut = fitted({"long": "é" * 20_000, "short": "s" * 1_000})
    assert cut["short"] == "s" * 1_000
    assert cut["long"] == "é" * len(cut["long"])
    assert 7_000 < len(cut["long"]) < 8_192
    assert cut[MARKER] == "long"


def test_a_key_that_has_no_room_is_left_out() -> None:
    cut = fitted({"k" * 20_000: "v", "kept": "v"})
    assert cut["kept"] == "v"
    assert set(cut) == {"kept", MARKER}
    assert bytes_of(cut) <= KIB_16


def test_the_marker_replaces_a_key_of_its_name() -> None:
    cut = fitted({MARKER: "mine", "long": "x" * KIB_16})
    assert cut[MARKER] == "long"


@pytest.mark.parametrize(
    ("context", "field"),
    [
        ([], "context"),
        ("text", "context"),
        ({"k": 1}, "context.k"),
        ({"k": None}, "context.k"),
        ({"k": "a\0b"}, "context.k"),
        ({"k" * 100: {}}, f"context.{'k' * 64}…"),
    ],
)
def test_what_is_no_context(context: object, field: str) -> None:
    with pytest.raises(Rejected) as error:
        checked(context, "context")
    assert error.value.field == field


def test_null_is_empty() -> None:
    assert checked(None, "context") == {}
