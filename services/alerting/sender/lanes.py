"""Which delivery is attempted next: clients and hosts take turns, so that a slow one delays nobody else."""

from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from alerting.sender.delivery import Leased


class Lane(NamedTuple):
    """Whose deliveries stand in a row: one client's to one host."""

    client_id: str
    host: str


@dataclass(slots=True)
class _Bound:
    """What one client, or one host, has in flight, and who waits for that to end."""

    most: int
    in_flight: int = 0
    waiting: int = 0
    blocked: deque[Lane] = field(default_factory=deque)

    @property
    def full(self) -> bool:
        return self.in_flight >= self.most


class Lanes:
    """Deliveries that wait in rows, and how many are in flight. Its bounds are its memory's.

    A delivery is *held* from `hold` until `forget`: while it waits, is in flight, and until its result is recorded.
    """

    def __init__(self, *, capacity: int, in_flight: int, per_client: int, per_host: int) -> None:
        self._capacity = capacity
        self._most_in_flight = in_flight
        # Most of the room is for the others, however much waits for one client, or for one host of it.
        self._most_of_client = max(per_client, capacity // 2)
        self._most_of_lane = max(per_host, capacity // 4)
        self._clients: defaultdict[str, _Bound] = defaultdict(lambda: _Bound(per_client))
        self._hosts: defaultdict[str, _Bound] = defaultdict(lambda: _Bound(per_host))
        self._lanes: dict[Lane, deque[Leased]] = {}
        # Lanes in the order of their turns. A lane that has something waiting is either here or blocked, once.
        self._turns: deque[Lane] = deque()
        self._held: set[str] = set()
        self.in_flight = 0

    @property
    def held(self) -> int:
        """Return how many are held."""
        return len(self._held)

    @property
    def room(self) -> int:
        """Return how many more may be held."""
        return max(0, self._capacity - self.held)

    def hold(self, delivery_id: str) -> bool:
        """Hold a delivery, unless it is held already: when the database's clock jumps, a lease ends too early."""
        known = delivery_id in self._held
        self._held.add(delivery_id)
        return not known

    def forget(self, delivery_ids: Iterable[str]) -> None:
        """Note that the results of deliveries are recorded, or that they are left to others."""
        self._held.difference_update(delivery_ids)

    def offer(self, host: str, leased: Leased) -> bool:
        """Take a delivery that is held, unless too many of its client's wait already."""
        lane = Lane(leased.delivery.client_id, host)
        client = self._clients[lane.client_id]
        if len(self._lanes.get(lane, ())) >= self._most_of_lane or client.waiting >= self._most_of_client:
            return False
        if lane not in self._lanes:
            self._lanes[lane] = deque()
            self._turns.append(lane)
        self._lanes[lane].append(leased)
        client.waiting += 1
        self._hosts[host].waiting += 1
        return True

    def take(self) -> tuple[Lane, Leased] | None:
        """Return the next one to attempt, with its lane; None when the bounds forbid it or nothing waits."""
        while self._turns and self.in_flight < self._most_in_flight:
            lane = self._turns.popleft()
            client, host = self._clients[lane.client_id], self._hosts[lane.host]
            if host.full:
                host.blocked.append(lane)
                # Its client has a place that another of its lanes may use.
                self._unblock(client)
            elif client.full:
                client.blocked.append(lane)
                self._unblock(host)
            else:
                return lane, self._start(lane, client, host)
        return None

    def finish(self, lane: Lane) -> None:
        """Note that an attempt is over."""
        self.in_flight -= 1
        for bounds, name in ((self._clients, lane.client_id), (self._hosts, lane.host)):
            bound = bounds[name]
            bound.in_flight -= 1
            self._unblock(bound)
            if not bound.in_flight and not bound.waiting:
                del bounds[name]

    def drain(self) -> list[Leased]:
        """Return all that wait, and keep none of them; they are still held."""
        waiting = [leased for lane in self._lanes.values() for leased in lane]
        self._lanes.clear()
        self._turns.clear()
        for bounds in (self._clients, self._hosts):
            for name in list(bounds):
                bounds[name].waiting = 0
                bounds[name].blocked.clear()
                if not bounds[name].in_flight:
                    del bounds[name]
        return waiting

    def _start(self, lane: Lane, client: _Bound, host: _Bound) -> Leased:
        waiting = self._lanes[lane]
        leased = waiting.popleft()
        for bound in (client, host):
            bound.waiting -= 1
            bound.in_flight += 1
        self.in_flight += 1
        if waiting:
            self._turns.append(lane)
        else:
            del self._lanes[lane]
        return leased

    def _unblock(self, bound: _Bound) -> None:
        if bound.blocked and not bound.full:
            self._turns.append(bound.blocked.popleft())
