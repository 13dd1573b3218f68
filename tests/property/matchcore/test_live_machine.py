"""`LiveIndex`, compiled and readable side by side, through any history of changes."""

import random
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from fix_compare import assert_same_index, assert_same_views, renumbered
from fix_impl import Implementation, load_compiled, load_reference
from fix_strategies import LONG_VALUES, long_values
from matchcore import Rule

# So few ids that changes meet: a rule is deleted, comes back, moves to another client and is replaced.
IDS = (*(f"r{n}" for n in range(8)), "é", "\0")
CLIENTS = ("acme", "zeta", "beta", "日本")
VALUES = ("*", "", "a", "b", "*a")
READERS_HELD = 4

rule_ids = st.sampled_from(IDS)
values = st.sampled_from(VALUES)
rules = st.builds(Rule, rule_ids, st.sampled_from(CLIENTS), values, st.one_of(values, values, long_values), values)
upserts = st.lists(rules, max_size=5)
deletes = st.lists(st.one_of(rule_ids, st.just("no such rule")), max_size=4)
bases = st.lists(rules, max_size=8, unique_by=lambda drawn: drawn.rule_id)
bad_upserts = st.sampled_from(
    [("", "acme", "*", "*", "*"), ("r1", "acme", "*", "\ud800", "*"), ("r1", "acme", "*", 5, "*"), ("r1",), "abcde"]
)

EVENTS = (
    *((severity, source, "a") for severity in ("", "a", "*") for source in ("", "a", "*a", "c")),
    ("b", "b", "b"),
    ("b", "a", "*"),
    ("a", LONG_VALUES[0], ""),
    ("a", LONG_VALUES[1], "a"),
)


class LiveMachine(RuleBasedStateMachine):
    """Pairs of (compiled, readable), compared after every step."""

    def __init__(self) -> None:
        super().__init__()
        self.compiled, self.reference = load_compiled(), load_reference()
        self.live = (self.compiled.LiveIndex(), self.reference.LiveIndex())
        self.readers: list[tuple[Any, Any]] = []
        self.base_clients: list[str] = []

    @initialize(base=bases, version=st.integers(0, 100))
    def start(self, base: list[Rule], version: int) -> None:
        ours, theirs = (impl.Index.build(base, version=version) for impl in (self.compiled, self.reference))
        self.live = (self.compiled.LiveIndex(ours), self.reference.LiveIndex(theirs))
        self.note_base(ours)

    def note_base(self, base: Any) -> None:
        """Remember the clients whose ordinals the overlay must not touch."""
        self.base_clients = [base.client_id(ordinal) for ordinal in range(base.client_count)]

    @rule(upserts=upserts, deletes=deletes)
    def change(self, upserts: list[Rule], deletes: list[str]) -> None:
        for live in self.live:
            live.apply(upserts, deletes)

    @rule(upserts=upserts, step=st.integers(1, 1000))
    def change_to_a_version(self, upserts: list[Rule], step: int) -> None:
        for live in self.live:
            live.apply(upserts, version=live.version + step)

    @rule(deletes=deletes)
    def delete(self, deletes: list[str]) -> None:
        for live in self.live:
            live.apply(deletes=deletes)

    @precondition(lambda self: len(self.live[1]) > 0)
    @rule(data=st.data())
    def delete_one_that_is_there(self, data: st.DataObject) -> None:
        rule_id = data.draw(st.sampled_from(sorted(self.live[1])))
        for live in self.live:
            live.apply(deletes=[rule_id])
            assert rule_id not in live

    @precondition(lambda self: len(self.live[1]) > 0)
    @rule(data=st.data(), pattern=st.tuples(values, values, values))
    def replace_one_that_is_there(self, data: st.DataObject, pattern: tuple[str, str, str]) -> None:
        old = data.draw(st.sampled_from(sorted(self.live[1].rules())))
        for live in self.live:
            live.apply([(old.rule_id, old.client_id, *pattern)])

    @precondition(lambda self: len(self.live[1]) > 0)
    @rule()
    def upsert_all_as_they_are(self) -> None:
        for live in self.live:
            live.apply(list(live.rules()))

    @rule()
    def delete_everything(self) -> None:
        for live in self.live:
            live.apply(deletes=list(live))
            assert len(live) == 0

    @rule(good=upserts, bad=bad_upserts, deletes=deletes)
    def fail_to_change(self, good: list[Rule], bad: Any, deletes: list[str]) -> None:
        told = []
        for live in self.live:
            try:
                live.apply([*good, bad], deletes)
            except ValueError as error:
                told.append((type(error), str(error)))
        assert len(told) == 2
        assert told[0] == told[1]

    @rule(behind=st.integers(0, 5))
    def fail_to_go_back(self, behind: int) -> None:
        for live in self.live:
            try:
                live.apply([("r1", "acme", "*", "*", "*")], IDS, version=live.version - behind)
            except ValueError:
                continue
            raise AssertionError("a version that is not newer was taken")

    @rule()
    def compact(self) -> None:
        ours, theirs = (live.compact() for live in self.live)
        assert_same_index(ours, theirs, EVENTS, CLIENTS[:2])
        assert ours.version == self.live[0].version
        self.note_base(ours)

    @rule()
    def start_again_from_compacted(self) -> None:
        ours, theirs = (live.compact() for live in self.live)
        self.live = (self.compiled.LiveIndex(ours), self.reference.LiveIndex(theirs))
        self.note_base(ours)

    @rule()
    def hold_a_reader(self) -> None:
        ours, theirs = (live.reader() for live in self.live)
        self.readers = [*self.readers, (ours, theirs)][-READERS_HELD:]

    @invariant()
    def the_newest_version_is_the_same(self) -> None:
        ours, theirs = (live.reader() for live in self.live)
        expected = renumbered(theirs, ours)
        assert_same_views(self.live[0], expected, EVENTS, CLIENTS[:2])
        assert_same_views(ours, expected, EVENTS[:3], CLIENTS[:2])

    @invariant()
    def the_bases_clients_come_first(self) -> None:
        reader = self.live[0].reader()
        assert [reader.client_id(ordinal) for ordinal in range(len(self.base_clients))] == self.base_clients

    @invariant()
    def held_readers_stay_as_they_were(self) -> None:
        for ours, theirs in self.readers:
            assert_same_views(ours, renumbered(theirs, ours), EVENTS[:3], CLIENTS[:1])


TestLive = LiveMachine.TestCase
TestLive.settings = settings(stateful_step_count=25)


@pytest.mark.parametrize("seed", range(3))
def test_more_changes_than_an_overlay_has_room_for(
    compiled: Implementation, reference: Implementation, seed: int
) -> None:
    """The overlay is laid anew several times, while readers of its former lives are held."""
    choose = random.Random(seed)
    ours, theirs = compiled.LiveIndex(), reference.LiveIndex()
    readers = [(ours.reader(), theirs.reader())]
    for step in range(120):
        upserts = [
            Rule(f"r{choose.randrange(80)}", choose.choice(CLIENTS), *choose.choices(VALUES, k=3))
            for _ in range(choose.randrange(80))
        ]
        deletes = [f"r{choose.randrange(100)}" for _ in range(choose.randrange(30))]
        for live in (ours, theirs):
            live.apply(upserts, deletes)
        if step % 10 == 0:
            readers.append((ours.reader(), theirs.reader()))
        if step == 60:
            assert_same_index(ours.compact(), theirs.compact(), EVENTS)
    for actual, expected in [*readers, (ours.reader(), theirs.reader())]:
        assert_same_views(actual, renumbered(expected, actual), EVENTS, CLIENTS[:2])
