"""`Matches`: the mapping from client to rule ids."""

import copy
import gc
import pickle
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pytest

from fix_impl import Implementation

CONTENT = {"zeta": ("r5", "r9"), "acme": ("r1", "r4"), "beta": ("r3",)}


@pytest.fixture
def matches(view: Any) -> Any:
    """Return the matches of an event with three clients."""
    return view.match("HIGH", "api", "timeout")


def test_it_is_a_mapping(impl: Implementation, matches: Any) -> None:
    assert isinstance(matches, Mapping)
    assert isinstance(matches, impl.Matches)


def test_a_client_has_a_tuple_of_rule_ids(matches: Any) -> None:
    assert matches["zeta"] == ("r5", "r9")
    assert type(matches["zeta"]) is tuple
    assert {type(rule_id) for rule_id in matches["zeta"]} == {str}


@pytest.mark.parametrize("key", ["nobody", "", "r1", 5, None, b"zeta", "\ud800"])
def test_a_client_without_rules_is_absent(matches: Any, key: Any) -> None:
    assert key not in matches
    assert matches.get(key) is None
    assert matches.get(key, ()) == ()
    with pytest.raises(KeyError) as caught:
        matches[key]
    assert caught.value.args == (key,)


def test_a_client_that_matches_nothing_now_is_absent(view: Any) -> None:
    assert "beta" not in view.match("LOW", "db", "disk")


def test_it_has_the_methods_of_a_mapping(matches: Any) -> None:
    assert list(matches) == list(matches.keys()) == ["zeta", "acme", "beta"]
    assert list(matches.values()) == list(CONTENT.values())
    assert list(matches.items()) == list(CONTENT.items())
    assert matches.get("beta") == ("r3",)
    assert "acme" in matches
    assert matches.keys() & {"acme", "nobody"} == {"acme"}
    assert {**matches} == dict(matches) == CONTENT


def test_len_counts_clients_and_count_counts_rules(matches: Any) -> None:
    assert len(matches) == 3
    assert matches.count() == 5


def test_rules_is_flat_and_in_order(matches: Any) -> None:
    assert matches.rules() == ["r5", "r9", "r1", "r4", "r3"]
    assert type(matches.rules()) is list


def test_it_is_true_when_something_matches(impl: Implementation, matches: Any) -> None:
    assert bool(matches) is True
    assert bool(impl.Index.build([]).match("", "", "")) is False


@pytest.mark.parametrize("wrap", [dict, MappingProxyType])
def test_it_equals_a_mapping_with_the_same_items(matches: Any, wrap: Any) -> None:
    assert matches == wrap(CONTENT)
    assert wrap(CONTENT) == matches
    assert matches == wrap(dict(reversed(CONTENT.items())))
    assert (matches != wrap(CONTENT)) is False
    assert matches != wrap({**CONTENT, "more": ("r8",)})
    assert matches != wrap({**CONTENT, "beta": ("r4",)})
    assert matches != wrap({})


def test_it_equals_other_matches(view: Any, matches: Any) -> None:
    assert matches == view.match("HIGH", "api", "timeout")
    assert matches != view.match("HIGH", "api", "")


@pytest.mark.parametrize("other", [None, 5, "zeta", [("zeta", ("r5", "r9"))], {"zeta"}])
def test_it_equals_nothing_else(matches: Any, other: object) -> None:
    assert matches != other


def test_it_is_not_hashable(matches: Any) -> None:
    with pytest.raises(TypeError):
        hash(matches)


def test_it_cannot_be_changed(matches: Any) -> None:
    with pytest.raises(TypeError):
        matches["acme"] = ()
    with pytest.raises(TypeError):
        del matches["acme"]
    with pytest.raises(AttributeError):
        matches.something = 1


def test_repr_shows_what_matches(impl: Implementation) -> None:
    index = impl.Index.build(
        [("r1", "acme", "*", "*", "*"), ("r2", "acme", "*", "*", "*"), ("é'", "\n", "*", "*", "*")]
    )
    assert repr(index.match("", "", "")) == repr({"acme": ("r1", "r2"), "\n": ("é'",)}).join(["Matches(", ")"])
    assert repr(impl.Index.build([]).match("", "", "")) == "Matches({})"


@pytest.mark.parametrize(("clients", "shown", "more"), [(10, 10, ""), (11, 10, ", ..."), (1000, 10, ", ...")])
def test_repr_is_cut_after_ten_clients(impl: Implementation, clients: int, shown: int, more: str) -> None:
    index = impl.Index.build([(f"r{n}", f"c{n}", "*", "*", "*") for n in range(clients)])
    items = ", ".join(f"'c{n}': ('r{n}',)" for n in range(shown))
    assert repr(index.match("", "", "")) == f"Matches({{{items}{more}}})"


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_it_pickles_as_a_dict(matches: Any, protocol: int) -> None:
    copied = pickle.loads(pickle.dumps(matches, protocol))
    assert type(copied) is dict
    assert list(copied.items()) == list(CONTENT.items())


def test_it_copies(matches: Any) -> None:
    assert copy.copy(matches) == CONTENT
    assert copy.deepcopy(matches) == CONTENT


def test_it_outlives_its_index(impl: Implementation) -> None:
    matches = impl.Index.build([(f"r{n}", f"c{n % 7}", "*", "*", "*") for n in range(100)]).match("", "", "")
    gc.collect()
    assert len(matches) == 7
    assert matches["c3"] == tuple(sorted(f"r{n}" for n in range(3, 100, 7)))


def test_two_iterators_do_not_disturb_each_other(matches: Any) -> None:
    first, second = iter(matches), iter(matches)
    assert [next(first), next(first), next(second), next(first)] == ["zeta", "acme", "zeta", "beta"]
    assert list(first) == []


def test_it_can_be_matched_by_structure(matches: Any) -> None:
    match matches:
        case {"beta": (only,)}:
            assert only == "r3"
        case _:
            pytest.fail("a Matches is a mapping to the match statement too")
