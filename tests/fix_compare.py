"""The compiled answer beside the readable one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fix_impl import Implementation

Event = tuple[str, str, str]


def assert_same_rules(actual: Any, expected: Any) -> None:
    """Compare what two views hold."""
    assert len(actual) == len(expected)
    assert actual.version == expected.version
    assert list(actual) == list(expected)
    assert list(actual.rules()) == list(expected.rules())
    for rule_id in expected:
        assert rule_id in actual
    assert "no such rule" not in actual


def ids(view: Any, ordinals: Sequence[int]) -> list[str]:
    """Name rules: a live view's ordinals may have gaps, so they are compared by what they mean."""
    return [view.rule_id(ordinal) for ordinal in ordinals]


def assert_same_matches(actual: Any, expected: Any) -> None:
    """Compare two `Matches`, the order too."""
    assert actual == expected
    assert list(actual.items()) == list(expected.items())
    assert actual.rules() == expected.rules()
    assert actual.count() == expected.count()
    assert len(actual) == len(expected)
    assert bool(actual) == bool(expected)
    assert repr(actual) == repr(expected)


def assert_same_answers(actual: Any, expected: Any, event: Event) -> None:
    """Ask two views everything about one event."""
    assert_same_matches(actual.match(*event), expected.match(*event))
    assert actual.count(*event) == expected.count(*event)
    assert actual.any(*event) is expected.any(*event)
    assert actual.explain(*event) == expected.explain(*event)
    everything = ids(expected, expected.match_ordinals(*event))
    assert ids(actual, actual.match_ordinals(*event)) == everything
    for limit in {0, 1, 2, len(everything) // 2, len(everything), len(everything) + 1}:
        assert_same_matches(actual.match(*event, limit=limit), expected.match(*event, limit=limit))
        assert ids(actual, actual.match_ordinals(*event, limit=limit)) == everything[:limit]


def assert_same_choice(actual: Any, expected: Any, event: Event, clients: Sequence[str]) -> None:
    """Ask two views about one event and some clients."""
    assert_same_matches(actual.match(*event, clients=clients), expected.match(*event, clients=clients))
    assert_same_matches(
        actual.match(*event, clients=set(clients), limit=2), expected.match(*event, clients=clients, limit=2)
    )
    assert actual.count(*event, clients=clients) == expected.count(*event, clients=clients)
    assert actual.any(*event, clients=clients) is expected.any(*event, clients=clients)


def assert_same_batch(actual: Any, expected: Any, events: Sequence[Event]) -> None:
    """Ask two views about many events at once."""
    columns = [[event[place] for event in events] for place in range(3)]
    ours, theirs = actual.match_batch(*columns), expected.match_batch(*columns)
    assert len(ours) == len(theirs) == len(events)
    assert ours.offsets.tolist() == theirs.offsets.tolist()
    assert ids(actual, ours.rule_ordinals.tolist()) == ids(expected, theirs.rule_ordinals.tolist())
    clients = [actual.client_id(ordinal) for ordinal in ours.client_ordinals.tolist()]
    assert clients == [expected.client_id(ordinal) for ordinal in theirs.client_ordinals.tolist()]
    for mine, other in zip(ours, theirs, strict=True):
        assert_same_matches(mine, other)


def assert_same_views(actual: Any, expected: Any, events: Sequence[Event], clients: Sequence[str] = ()) -> None:
    """Compare two views in everything that the API tells."""
    assert_same_rules(actual, expected)
    for event in events:
        assert_same_answers(actual, expected, event)
        assert_same_choice(actual, expected, event, clients)
    assert_same_batch(actual, expected, events)


def assert_same_index(actual: Any, expected: Any, events: Sequence[Event], clients: Sequence[str] = ()) -> None:
    """Compare two indexes: as views, and by ordinals, which are places in the input."""
    assert_same_views(actual, expected, events, clients)
    assert actual.client_count == expected.client_count
    for event in events:
        assert actual.match_ordinals(*event) == expected.match_ordinals(*event)
    for ordinal in range(expected.client_count):
        assert actual.client_id(ordinal) == expected.client_id(ordinal)
    for ordinal in range(len(expected)):
        assert actual.rule_id(ordinal) == expected.rule_id(ordinal)


def renumbered(expected: Any, actual: Any) -> Any:
    """Return the view `expected` with the clients in the order in which `actual` numbers them.

    A live view promises the base's clients first; in which order the others follow, and whether a client
    without rules keeps its ordinal, depends on when the changes were last laid anew.
    """
    clients = [actual.client_id(ordinal) for ordinal in range(actual.client_count)]
    assert len(set(clients)) == len(clients)
    assert {rule.client_id for rule in expected.rules()} <= set(clients)
    return type(expected)(dict(enumerate(expected.rules())), clients, expected.version)


def build_both(compiled: Implementation, reference: Implementation, rules: Sequence[Any], version: int = 0) -> Any:
    """Build the same index twice."""
    return compiled.Index.build(rules, version=version), reference.Index.build(rules, version=version)
