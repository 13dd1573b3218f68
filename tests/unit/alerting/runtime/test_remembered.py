from alerting.runtime.remembered import Remembered
from fix_clock import FakeClock


def test_an_answer_is_kept_for_five_seconds() -> None:
    clock = FakeClock()
    remembered = Remembered[str](clock)
    remembered.put(b"1", "found", None)
    clock.advance(4.9)
    assert remembered.get(b"1") == "found"
    clock.advance(0.1)
    assert remembered.get(b"1") is None


def test_an_answer_ends_when_it_says() -> None:
    clock = FakeClock()
    remembered = Remembered[str](clock)
    remembered.put(b"1", "found", clock.now() + 2)
    clock.advance(1.9)
    assert remembered.get(b"1") == "found"
    clock.advance(0.1)
    assert remembered.get(b"1") is None


def test_what_is_unwanted_is_forgotten_and_nothing_else() -> None:
    remembered = Remembered[str](FakeClock())
    for digest, found in ((b"1", "a"), (b"2", "b"), (b"3", "a"), (b"4", "c")):
        remembered.put(digest, found, None)
    remembered.forget(lambda found: found == "a")
    remembered.drop(b"4")
    remembered.drop(b"5")
    assert [remembered.get(digest) for digest in (b"1", b"2", b"3", b"4")] == [None, "b", None, None]


def test_no_more_than_ten_thousand_are_kept() -> None:
    remembered = Remembered[int](FakeClock())
    for number in range(10_001):
        remembered.put(b"%d" % number, number, None)
    assert remembered.get(b"0") is None
    assert remembered.get(b"1") == 1
