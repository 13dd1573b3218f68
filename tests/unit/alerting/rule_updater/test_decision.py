from dataclasses import replace

import pytest

from alerting.rule_set.base import BaseInfo
from alerting.rule_updater.decision import Limits, NewBase, decide
from alerting.rule_updater.store import StoreState

LIMITS = Limits(changes=100, share=0.05)
BASE = BaseInfo(version=10, rules=1_000, size=500, chunks=1, checksum="c", built_at=1, history="h")
SOUND = StoreState(newest=13, base=BASE, chunk_bytes=500, first=11, last=13, entries=3)


def decided(state: StoreState, newest: int = 13, changes: int = 0) -> NewBase | None:
    return decide(state, newest, changes, LIMITS)


@pytest.mark.parametrize(
    "state",
    [
        SOUND,
        # The stream keeps some entries that the base's readers do not need.
        replace(SOUND, first=4, entries=10),
        # All of it was trimmed, or there never was a change.
        replace(SOUND, newest=10, first=None, last=None, entries=0),
        # The base was written before the stream got there.
        replace(SOUND, newest=8, first=4, last=8, entries=5),
    ],
)
def test_nothing_is_to_be_done_about_what_is_sound(state: StoreState) -> None:
    assert decided(state) is None


@pytest.mark.parametrize(
    "state",
    [StoreState(), replace(SOUND, newest=None), replace(SOUND, base=None), replace(SOUND, last=14, entries=4)],
)
def test_what_is_missing_begins_a_new_history(state: StoreState) -> None:
    assert decided(state, newest=20) == NewBase("missing", continues=False)


def test_a_restored_database_begins_a_new_history() -> None:
    assert decided(SOUND, newest=12) == NewBase("ahead", continues=False)
    behind_its_base = replace(SOUND, newest=8, first=4, last=8, entries=5)
    assert decided(behind_its_base, newest=9) == NewBase("ahead", continues=False)


@pytest.mark.parametrize("found", [0, 499, 501])
def test_a_base_without_all_of_its_chunks_is_written_again(found: int) -> None:
    assert decided(replace(SOUND, chunk_bytes=found)) == NewBase("chunks", continues=True)


@pytest.mark.parametrize(
    "state",
    [
        replace(SOUND, first=None, last=None, entries=0),
        replace(SOUND, first=12, entries=2),
        replace(SOUND, last=12, entries=2),
        replace(SOUND, entries=2),
    ],
)
def test_a_stream_that_does_not_lead_on_from_the_base_is_bridged(state: StoreState) -> None:
    assert decided(state) == NewBase("stream", continues=True)


@pytest.mark.parametrize(("rules", "most"), [(0, 100), (1_000, 100), (2_000, 100), (10_000, 500)])
def test_many_changes_are_compacted(rules: int, most: int) -> None:
    state = replace(SOUND, base=replace(BASE, rules=rules))
    assert decided(state, changes=most) is None
    assert decided(state, changes=most + 1) == NewBase("changes", continues=True)
