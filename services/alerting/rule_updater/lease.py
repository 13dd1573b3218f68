"""The right to write the rule set: one rule-updater has it, for as long as it renews it."""

from pathlib import Path
from typing import Final, cast

from redis import Redis

from alerting.rule_set.connection import redis_errors
from alerting.rule_set.keys import LEASE, LEASE_TOKEN

_HERE: Final = Path(__file__)


class Lease:
    """A lease in Redis.

    Its value, the holder's mark, is a number that grows whenever the lease changes hands, and a name that no other
    process has. Every write carries the mark and is refused, in Redis itself, when the lease has another one: so a
    holder that was stalled cannot write after its successor has.
    """

    def __init__(self, redis: Redis, name: str, seconds: float) -> None:
        """Make a lease for a process; `name` is its alone, now and later."""
        self._name = name
        self._milliseconds = int(seconds * 1_000)
        self._hold = redis.register_script(_HERE.with_name("hold_lease.lua").read_bytes())
        self._release = redis.register_script(_HERE.with_name("release_lease.lua").read_bytes())
        self.mark: str | None = None
        """This holder's mark as of the last `hold`, or None when another process had the lease."""

    def hold(self) -> bool:
        """Take the lease or renew it; return whether this process has it."""
        with redis_errors():
            mark = self._hold(keys=[LEASE, LEASE_TOKEN], args=[self.mark or "", self._milliseconds, self._name])
        self.mark = None if mark is None else cast("bytes", mark).decode()
        return self.mark is not None

    def release(self) -> None:
        """Give the lease back, so that the next one need not wait for its end."""
        if self.mark is not None:
            with redis_errors():
                self._release(keys=[LEASE], args=[self.mark])
            self.mark = None
