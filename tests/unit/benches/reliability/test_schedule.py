from itertools import islice

import pytest

from benches.reliability import schedule


@pytest.mark.parametrize("disk", [True, False])
def test_a_seed_is_a_schedule(disk: bool) -> None:
    one, again = (list(islice(schedule.endless(5, disk=disk), 80)) for _ in range(2))
    assert one == again
    assert one != list(islice(schedule.endless(6, disk=disk), 80))
    assert schedule.short(5, disk=disk) == schedule.short(5, disk=disk)


@pytest.mark.parametrize("disk", [True, False])
def test_each_kind_comes_before_any_comes_again(disk: bool) -> None:
    every = {(fault.kind, fault.target) for fault in schedule.kinds(disk=disk)}
    first = [(each.fault.kind, each.fault.target) for each in islice(schedule.endless(1, disk=disk), len(every))]
    assert set(first) == every
    assert (("disk full", "postgres") in every) == disk


def test_nothing_lasts_longer_than_it_may() -> None:
    longest = {(fault.kind, fault.target): fault.seconds for fault in schedule.kinds(disk=True)}
    for each in islice(schedule.endless(2, disk=True), 200):
        assert 0.0 <= each.fault.seconds <= longest[each.fault.kind, each.fault.target]
