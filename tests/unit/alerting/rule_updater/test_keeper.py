from hypothesis import given
from hypothesis import strategies as st

from alerting.rule_updater.keeper import batches
from alerting.rule_updater.log import LoggedChange


@given(st.lists(st.sampled_from([2, 10_000, 400_000, 2_000_000]), max_size=30), st.integers(0, 500))
def test_a_piece_is_small_unless_one_version_is_not(sizes: list[int], small: int) -> None:
    log = [LoggedChange(version, "x" * size) for version, size in enumerate([*sizes, *[2] * small], 1)]
    pieces = list(batches(log))
    assert [change for piece in pieces for change in piece] == log
    for piece in pieces:
        assert 1 <= len(piece) <= 200
        assert sum(len(change.changes) for change in piece[:-1]) < 1_000_000
