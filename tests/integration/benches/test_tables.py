"""The benchmark of the lists, on small tables: every request that it times is one that rule-service answers."""

from benches.tables import notifications, rules
from benches.tables.__main__ import measure
from benches.tables.part import Sizes


def test_every_interaction_is_answered() -> None:
    timed = measure([rules, notifications], Sizes(1_000, 5_000, 500, 5_000), repeats=1)
    listed = {each.name: each.items for each in timed}
    assert len(listed) > 140
    assert listed["/rules sort=-source"] == listed["/endpoints sort=id"] == listed["notifications: all"] == 50
    assert listed["notifications: nothing like it"] == 0
