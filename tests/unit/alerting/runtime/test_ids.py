"""Ids of what the platform makes."""

from uuid import UUID

from alerting.runtime.ids import new_id


def test_ids_are_of_version_7_and_sort_by_time() -> None:
    made = [new_id() for _ in range(1_000)]
    assert {UUID(each).version for each in made} == {7}
    assert sorted(made) == made
    assert len(set(made)) == 1_000
