"""The compiled index against the readable one, for any rules and events."""

import importlib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fix_compare import assert_same_index, build_both
from fix_impl import Implementation
from fix_strategies import client_choices, rules_and_events, values, versions
from matchcore import Rule, RuleError

# The hash hook is set once for all examples of a test, which is what hypothesis warns about.
SHARED_FIXTURE = [HealthCheck.function_scoped_fixture]


@pytest.fixture(params=[64, 8, 1], ids=lambda bits: f"{bits} bits")
def hash_bits(request: pytest.FixtureRequest, compiled: Implementation) -> Iterator[int]:
    """Build indexes whose hashes keep only so many bits: different strings collide, and are told apart all the same."""
    hook: Any = importlib.import_module("matchcore._compile")
    before = hook._testing_hash_bits(request.param)
    yield request.param
    assert hook._testing_hash_bits(before) == request.param


@given(drawn=rules_and_events(), clients=client_choices, version=versions)
@settings(suppress_health_check=SHARED_FIXTURE)
def test_any_rules_and_events(
    compiled: Implementation, reference: Implementation, hash_bits: int, drawn: Any, clients: list[str], version: int
) -> None:
    rules, events = drawn
    actual, expected = build_both(compiled, reference, rules, version)
    assert_same_index(actual, expected, events, clients)


@given(drawn=rules_and_events(), clients=client_choices)
@settings(suppress_health_check=SHARED_FIXTURE)
def test_any_rules_from_columns(
    compiled: Implementation, reference: Implementation, hash_bits: int, drawn: Any, clients: list[str]
) -> None:
    rules, events = drawn
    columns = [[rule[place] for rule in rules] for place in range(5)]
    actual, expected = compiled.Index.from_columns(*columns), reference.Index.from_columns(*columns)
    assert_same_index(actual, expected, events, clients)


@pytest.mark.parametrize("count", [10, 300, 3_000])
def test_many_rules_that_collide(
    compiled: Implementation, reference: Implementation, hash_bits: int, count: int
) -> None:
    rules = [
        Rule(f"r{n}", f"c{n % 50}", ("HIGH", "LOW", "*")[n % 3], f"s{n % 97}" if n % 5 else "*", f"n{n % 89}")
        for n in range(count)
    ]
    actual, expected = build_both(compiled, reference, rules)
    events = [("HIGH", f"s{n}", f"n{n}") for n in range(0, 100, 7)] + [("LOW", "s1", "nowhere"), ("", "", "")]
    assert_same_index(actual, expected, events, ["c1", "c7", "nobody"])


@given(rules=st.lists(st.tuples(values, values, values, values, values), max_size=8))
def test_the_same_rules_are_refused(
    compiled: Implementation, reference: Implementation, rules: list[tuple[str, ...]]
) -> None:
    assert refusal(compiled, rules) == refusal(reference, rules)


odd_values = st.one_of(values, st.sampled_from(["\ud800", "ab\udfff", 5, None, b"a"]))
odd_rules = st.one_of(st.tuples(*[odd_values] * 5), st.lists(odd_values, max_size=6).map(tuple), st.just("abcde"))


@given(rules=st.lists(odd_rules, max_size=8))
def test_the_same_oddities_are_refused(compiled: Implementation, reference: Implementation, rules: list[Any]) -> None:
    assert refusal(compiled, rules) == refusal(reference, rules)


def refusal(impl: Implementation, rules: list[Any]) -> tuple[object, ...] | None:
    """Return what is told of the rules, or None when they are good."""
    try:
        impl.Index.build(rules)
    except RuleError as error:
        return (type(error), error.position, error.field, error.reason)
    return None


@given(event=st.tuples(odd_values, odd_values, odd_values))
def test_the_same_events_are_refused(compiled: Implementation, reference: Implementation, event: Any) -> None:
    rules = [Rule("r1", "acme", "*", "*", "*")]
    assert answer(compiled.Index.build(rules), event) == answer(reference.Index.build(rules), event)


def answer(index: Any, event: Any) -> object:
    """Return what matches, or the error's type and text."""
    try:
        return dict(index.match(*event))
    except (TypeError, ValueError) as error:
        return (type(error), str(error))


@given(first=rules_and_events(), second=rules_and_events(), order=st.randoms(use_true_random=False))
def test_equality(compiled: Implementation, reference: Implementation, first: Any, second: Any, order: Any) -> None:
    shuffled = list(first[0])
    order.shuffle(shuffled)
    ours, theirs = build_both(compiled, reference, first[0])
    others = [build_both(compiled, reference, rules, 3) for rules in (first[0], shuffled, second[0], first[0][1:])]
    assert [ours == other for other, _ in others] == [theirs == other for _, other in others]
    assert [ours != other for other, _ in others] == [theirs != other for _, other in others]
