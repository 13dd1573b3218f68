from hypothesis import given
from hypothesis import strategies as st

from alerting.rule_updater.batches import MOST_CHARACTERS, MOST_VERSIONS, Batch, batches
from alerting.rule_updater.log import LoggedChange

TAKEN = '{"rule_id": "r%d", "action": "DELETED"}'


def logged(version: int, changes: int = 1, padding: int = 0) -> LoggedChange:
    return LoggedChange(version, "[" + ",".join(TAKEN % number for number in range(changes)) + "]" + " " * padding)


def cut(*log: LoggedChange, after: int = 0, base: int = 0) -> list[Batch]:
    return list(batches(log, after, base))


@given(st.lists(st.sampled_from([0, 10_000, 400_000, 2_000_000]), max_size=30), st.integers(0, 500))
def test_a_batch_is_small_unless_one_version_is_not(paddings: list[int], small: int) -> None:
    log = [logged(version, padding=padding) for version, padding in enumerate([*paddings, *[0] * small], 1)]
    found = cut(*log)
    assert [version for batch in found for version in batch.versions] == log
    for batch in found:
        assert 1 <= len(batch.versions) <= MOST_VERSIONS
        assert sum(len(version.changes) for version in batch.versions[:-1]) < MOST_CHARACTERS


def test_counts_the_changes() -> None:
    log = [logged(5, 3), logged(6, 0), logged(7, 2)]
    assert [batch.changes for batch in cut(*log, after=4)] == [5]
    # A base may be ahead of the stream, and has the first of them already.
    assert [batch.changes for batch in cut(*log, after=4, base=5)] == [2]


def test_ends_at_a_gap() -> None:
    assert cut() == []
    assert cut(logged(2)) == []
    assert [batch.versions[-1].version for batch in cut(logged(1), logged(2), logged(4), logged(5))] == [2]


def test_ends_at_what_nobody_can_apply_unless_a_base_leads_over_it() -> None:
    log = [logged(1), LoggedChange(2, "{}"), logged(3)]
    assert [batch.versions for batch in cut(*log)] == [log[:1]]
    assert [batch.versions for batch in cut(*log, base=1)] == [log[:1]]
    assert [batch.versions for batch in cut(*log, base=2)] == [log]
    assert cut(*log[1:], after=1) == []
