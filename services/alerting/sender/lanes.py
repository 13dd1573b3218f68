"""Which delivery is attempted next: hosts take turns, so that a slow one delays nobody else."""

from collections import deque
from dataclasses import dataclass, field

from alerting.sender.delivery import Leased


@dataclass(slots=True)
class _Lane:
    waiting: deque[Leased] = field(default_factory=deque)
    in_flight: int = 0
    listed: bool = False


class Lanes:
    """Deliveries that wait, a lane for each host, and how many are in flight. Its bounds are its memory's.

    A delivery is *held* from `offer` until `forget`: while it waits, is in flight, and until its result is recorded.
    """

    def __init__(self, *, capacity: int, in_flight: int, per_host: int) -> None:
        self._capacity = capacity
        self._most_in_flight = in_flight
        self._per_host = per_host
        # Half of the room is for the others, however much waits for one host.
        self._most_waiting = max(per_host, capacity // 2)
        self._lanes: dict[str, _Lane] = {}
        # Hosts with something that may start now, in the order of their turns.
        self._turns: deque[str] = deque()
        self.held = 0
        self.in_flight = 0

    @property
    def room(self) -> int:
        """Return how many more may be offered."""
        return max(0, self._capacity - self.held)

    def offer(self, host: str, leased: Leased) -> bool:
        """Take a delivery, unless too many wait for its host already."""
        lane = self._lanes.setdefault(host, _Lane())
        if len(lane.waiting) >= self._most_waiting:
            return False
        lane.waiting.append(leased)
        self.held += 1
        self._list(host, lane)
        return True

    def take(self) -> tuple[str, Leased] | None:
        """Return the next one to attempt, with its host; None when the bounds forbid it or nothing waits."""
        if self.in_flight >= self._most_in_flight or not self._turns:
            return None
        host = self._turns.popleft()
        lane = self._lanes[host]
        lane.listed = False
        leased = lane.waiting.popleft()
        lane.in_flight += 1
        self.in_flight += 1
        self._list(host, lane)
        return host, leased

    def finish(self, host: str) -> None:
        """Note that an attempt is over."""
        lane = self._lanes[host]
        lane.in_flight -= 1
        self.in_flight -= 1
        self._list(host, lane)
        if not lane.in_flight and not lane.waiting:
            del self._lanes[host]

    def forget(self, number: int) -> None:
        """Note that so many results are recorded, or deliveries given back."""
        self.held -= number

    def drain(self) -> list[Leased]:
        """Return all that wait, and keep none of them."""
        waiting = [leased for lane in self._lanes.values() for leased in lane.waiting]
        for lane in self._lanes.values():
            lane.waiting.clear()
            lane.listed = False
        self._turns.clear()
        self.forget(len(waiting))
        return waiting

    def _list(self, host: str, lane: _Lane) -> None:
        if lane.waiting and not lane.listed and lane.in_flight < self._per_host:
            lane.listed = True
            self._turns.append(host)
