"""How often one peer may try keys: no key can be guessed, but each guess costs a question to the database."""

import math
from collections import OrderedDict, deque
from ipaddress import AddressValueError, IPv6Address
from typing import Final

from alerting.runtime.clock import Clock
from alerting.runtime.problem import Problem

MOST_FAILURES: Final = 10
SECONDS: Final = 60.0
MOST_PEERS: Final = 10_000
_NETWORK_BITS: Final = 64


class SignInLimit:
    """Lets a peer fail ten times a minute; remembers ten thousand peers, and forgets who was seen longest ago."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._tries: OrderedDict[str, deque[float]] = OrderedDict()

    def begin(self, host: str) -> None:
        """Count a try as a failure until it is taken back, so that many at once are no way around the limit.

        Raises
        ------
        Problem
            429: there were too many.
        """
        peer = peer_of(host)
        now = self._clock.monotonic()
        tries = self._tries.setdefault(peer, deque(maxlen=MOST_FAILURES))
        self._tries.move_to_end(peer)
        while tries and tries[0] <= now - SECONDS:
            tries.popleft()
        if len(tries) == MOST_FAILURES:
            wait = math.ceil(tries[0] + SECONDS - now)
            raise Problem(429, f"too many wrong keys: try again in {wait} s", headers={"retry-after": str(wait)})
        tries.append(now)
        if len(self._tries) > MOST_PEERS:
            self._tries.popitem(last=False)

    def take_back(self, host: str) -> None:
        """Forget the last try: it was no failure."""
        peer = peer_of(host)
        tries = self._tries.get(peer)
        if tries:
            tries.pop()
        if not tries:
            self._tries.pop(peer, None)


def peer_of(host: str) -> str:
    """Return what counts as one peer: an address, or a network of IPv6, all of whose addresses are one caller's."""
    try:
        address = IPv6Address(host)
    except AddressValueError:
        return host
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return f"{int(address) >> (128 - _NETWORK_BITS):x}::"
