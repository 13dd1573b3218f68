import pytest

from benches.reliability.memory import LEAST_SAMPLES, Memory

MIB = 1 << 20


@pytest.mark.parametrize(
    ("sizes", "leaks"),
    [
        ([100] * 100, False),
        # It warms up, and stays.
        ([50] * 20 + [200] * 80, False),
        ([100 + number for number in range(100)], True),
        # A fifth more of little is little.
        ([10] * 50 + [20] * 50, False),
        ([1_000] * 50 + [1_100] * 50, False),
    ],
)
def test_growth_is_between_a_second_and_a_last_quarter(sizes: list[int], leaks: bool) -> None:
    memory = Memory()
    for size in sizes:
        memory.add("sender", 1, size * MIB)
    (growth,) = memory.growth()
    assert growth.leaks == leaks


def test_who_lived_for_a_moment_says_nothing() -> None:
    memory = Memory()
    for number in range(LEAST_SAMPLES - 1):
        memory.add("sender", 1, number * MIB)
    memory.add("sender", 2, 0)
    assert memory.growth() == []
