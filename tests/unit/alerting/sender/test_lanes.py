import random

from hypothesis import given
from hypothesis import strategies as st

from alerting.sender.delivery import Leased
from alerting.sender.lanes import Lane, Lanes
from fix_delivery import make_delivery


def lanes(*, capacity: int = 100, in_flight: int = 10, per_client: int = 10, per_host: int = 10) -> Lanes:
    return Lanes(capacity=capacity, in_flight=in_flight, per_client=per_client, per_host=per_host)


def offer(to: Lanes, *names: str) -> list[bool]:
    """Offer deliveries named by their client, host and a number: ``xa1``."""
    assert all(to.hold(name) for name in names)
    return [to.offer(name[1], Leased(make_delivery(id=name, client_id=name[0]), 0.0)) for name in names]


def taken(of: Lanes, number: int) -> list[str]:
    found = [of.take() for _ in range(number)]
    return ["" if each is None else each[1].delivery.id for each in found]


def test_lanes_take_turns_however_much_waits_in_one() -> None:
    rows = lanes()
    assert all(offer(rows, "xa1", "xa2", "xa3", "xb1", "ya1", "xb2"))
    assert taken(rows, 7) == ["xa1", "xb1", "ya1", "xa2", "xb2", "xa3", ""]


def test_a_host_has_at_most_so_many_in_flight() -> None:
    rows = lanes(per_host=2)
    offer(rows, "xa1", "ya1", "xa2", "xb1")
    assert taken(rows, 4) == ["xa1", "ya1", "xb1", ""]
    rows.finish(Lane("y", "a"))
    assert taken(rows, 2) == ["xa2", ""]


def test_a_client_has_at_most_so_many_in_flight() -> None:
    rows = lanes(per_client=2)
    offer(rows, "xa1", "xb1", "xc1", "ya1")
    assert taken(rows, 4) == ["xa1", "xb1", "ya1", ""]
    rows.finish(Lane("x", "b"))
    assert taken(rows, 2) == ["xc1", ""]


def test_there_is_a_bound_for_all_together() -> None:
    rows = lanes(in_flight=2)
    offer(rows, "xa1", "yb1", "zc1")
    assert taken(rows, 3) == ["xa1", "yb1", ""]
    rows.finish(Lane("y", "b"))
    assert taken(rows, 2) == ["zc1", ""]


def test_a_lane_takes_a_quarter_of_the_room_and_a_client_half_at_most() -> None:
    rows = lanes(capacity=8, per_client=1, per_host=1)
    assert offer(rows, "xa1", "xa2", "xa3", "xb1", "xb2", "xc1", "ya1") == [True, True, False, True, True, False, True]


def test_what_is_held_ends_with_its_record() -> None:
    rows = lanes(capacity=2)
    offer(rows, "xa1")
    rows.take()
    rows.finish(Lane("x", "a"))
    assert (rows.held, rows.in_flight, rows.room) == (1, 0, 1)
    assert not rows.hold("xa1")
    rows.forget(["xa1"])
    assert (rows.held, rows.room) == (0, 2)
    assert rows.hold("xa1")


def test_draining_returns_what_waits_and_keeps_what_is_in_flight() -> None:
    rows = lanes(in_flight=1)
    offer(rows, "xa1", "xa2", "yb1")
    rows.take()
    assert sorted(each.delivery.id for each in rows.drain()) == ["xa2", "yb1"]
    assert (rows.held, rows.in_flight) == (3, 1)
    assert rows.take() is None
    rows.finish(Lane("x", "a"))
    assert rows.take() is None


@given(
    names=st.lists(st.tuples(st.sampled_from("xyz"), st.sampled_from("abc")), max_size=60),
    bounds=st.tuples(st.integers(1, 5), st.integers(1, 3), st.integers(1, 3)),
    seed=st.integers(0, 1_000),
)
def test_nothing_is_forgotten_or_exceeds_a_bound(
    names: list[tuple[str, str]], bounds: tuple[int, int, int], seed: int
) -> None:
    in_flight, per_client, per_host = bounds
    rows = lanes(capacity=1_000, in_flight=in_flight, per_client=per_client, per_host=per_host)
    offered = [f"{client}{host}{number}" for number, (client, host) in enumerate(names)]
    assert all(offer(rows, *offered))
    chance, running, done = random.Random(seed), [], []
    while True:
        while (found := rows.take()) is not None:
            running.append(found)
        assert len(running) <= in_flight
        for place, most in ((0, per_client), (1, per_host)):
            names_running = [lane[place] for lane, _ in running]
            assert all(names_running.count(name) <= most for name in names_running)
        if not running:
            break
        lane, leased = running.pop(chance.randrange(len(running)))
        done.append(leased.delivery.id)
        rows.finish(lane)
    assert sorted(done) == sorted(offered)
