from alerting.sender.delivery import Leased
from alerting.sender.lanes import Lanes
from fix_delivery import make_delivery


def leased(name: str) -> Leased:
    return Leased(make_delivery(id=name), 0.0)


def taken(lanes: Lanes, number: int) -> list[str]:
    found = [lanes.take() for _ in range(number)]
    return ["" if each is None else each[1].delivery.id for each in found]


def test_hosts_take_turns_however_much_waits_for_one() -> None:
    lanes = Lanes(capacity=100, in_flight=10, per_host=10)
    for name in ("a1", "a2", "a3", "b1", "c1", "b2"):
        assert lanes.offer(name[0], leased(name))
    assert taken(lanes, 7) == ["a1", "b1", "c1", "a2", "b2", "a3", ""]


def test_a_host_has_at_most_so_many_in_flight() -> None:
    lanes = Lanes(capacity=100, in_flight=10, per_host=2)
    for name in ("a1", "a2", "a3", "b1"):
        lanes.offer(name[0], leased(name))
    assert taken(lanes, 4) == ["a1", "b1", "a2", ""]
    lanes.finish("a")
    assert taken(lanes, 2) == ["a3", ""]


def test_there_is_a_bound_for_all_together() -> None:
    lanes = Lanes(capacity=100, in_flight=2, per_host=2)
    for name in ("a1", "b1", "c1"):
        lanes.offer(name[0], leased(name))
    assert taken(lanes, 3) == ["a1", "b1", ""]
    lanes.finish("b")
    assert taken(lanes, 2) == ["c1", ""]


def test_a_host_takes_half_of_the_room_at_most() -> None:
    lanes = Lanes(capacity=4, in_flight=2, per_host=1)
    assert [lanes.offer("a", leased(f"a{number}")) for number in range(3)] == [True, True, False]
    assert lanes.offer("b", leased("b1"))
    assert lanes.room == 1


def test_what_is_held_ends_with_its_record() -> None:
    lanes = Lanes(capacity=2, in_flight=2, per_host=2)
    lanes.offer("a", leased("a1"))
    lanes.take()
    lanes.finish("a")
    assert (lanes.held, lanes.in_flight, lanes.room) == (1, 0, 1)
    lanes.forget(1)
    assert (lanes.held, lanes.room) == (0, 2)


def test_draining_returns_what_waits_and_keeps_what_is_in_flight() -> None:
    lanes = Lanes(capacity=10, in_flight=1, per_host=1)
    for name in ("a1", "a2", "b1"):
        lanes.offer(name[0], leased(name))
    lanes.take()
    assert sorted(each.delivery.id for each in lanes.drain()) == ["a2", "b1"]
    assert (lanes.held, lanes.in_flight) == (1, 1)
    assert lanes.take() is None
    lanes.finish("a")
    assert lanes.take() is None
