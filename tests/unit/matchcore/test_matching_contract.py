"""Matching, proved on a tiny alphabet: every pattern against every event."""

from itertools import product
from typing import Any

import pytest

from fix_impl import Implementation
from matchcore import Rule

# The wildcard, nothing, a value, one with a star in it, and one that no event has.
PATTERNS = tuple(product(("*", "", "a", "*a", "b"), repeat=3))
EVENTS = tuple(product(("*", "", "a", "*a"), repeat=3))
RULES = tuple(Rule(f"r{n:03}", f"c{n % 7}", *pattern) for n, pattern in enumerate(PATTERNS))


def matches(pattern: tuple[str, ...], event: tuple[str, ...]) -> bool:
    """Say whether a pattern matches an event, by the contract's own words."""
    return all(wanted in ("*", value) for wanted, value in zip(pattern, event, strict=True))


def expected(event: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Match all rules by brute force."""
    groups: dict[str, tuple[str, ...]] = {}
    for rule in RULES:
        if matches(rule[2:], event):
            groups[rule.client_id] = (*groups.get(rule.client_id, ()), rule.rule_id)
    return groups


def one_index(impl: Implementation) -> Any:
    return impl.Index.build(RULES)


def overlay_only(impl: Implementation) -> Any:
    live = impl.LiveIndex()
    live.apply(RULES)
    return live


def base_and_overlay(impl: Implementation) -> Any:
    live = impl.LiveIndex(impl.Index.build(RULES[:60]))
    live.apply(RULES[60:])
    return live


@pytest.mark.parametrize("build", [one_index, overlay_only, base_and_overlay])
def test_all_rules_at_once(impl: Implementation, build: Any) -> None:
    view = build(impl)
    for event in EVENTS:
        wanted = expected(event)
        assert view.match(*event) == wanted
        assert view.count(*event) == sum(map(len, wanted.values()))
        assert view.any(*event) is bool(wanted)


def test_all_events_at_once(impl: Implementation) -> None:
    batch = impl.Index.build(RULES).match_batch(*zip(*EVENTS, strict=True))
    assert list(batch) == [expected(event) for event in EVENTS]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: "/".join(rule[2:]))
def test_each_rule_alone(impl: Implementation, rule: Rule) -> None:
    index = impl.Index.build([rule])
    found = [event for event in EVENTS if index.any(*event)]
    assert found == [event for event in EVENTS if matches(rule[2:], event)]
