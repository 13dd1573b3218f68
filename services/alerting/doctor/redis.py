"""The checks of Redis."""

import re
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import urlsplit

from alerting.doctor.answer import Unknown, known
from alerting.doctor.facts import Facts
from alerting.doctor.finding import Finding, fail, ok, skipped, warn
from alerting.doctor.postgres import is_here

OLDEST_VERSION: Final = (6, 2)
_FEW: Final = 0.9


def reachable(facts: Facts) -> Finding:
    """Judge whether Redis lets us in."""
    server = facts.redis.server
    if isinstance(server, Unknown):
        return fail("redis.reachable", server.because)
    spoken = re.search(r"Redis (\d+)\.(\d+)", server.version)
    if spoken is None or (int(spoken[1]), int(spoken[2])) < OLDEST_VERSION:
        return warn("redis.reachable", server.version, "upgrade the server to Redis 6.2, or Valkey 7.2, or newer")
    return ok("redis.reachable", server.version)


def writable(facts: Facts) -> Finding:
    """Judge whether it takes what is written."""
    server = known(facts.redis.server)
    if server.loading:
        return warn("redis.writable", "the server loads its data", "wait until it has")
    if not server.primary:
        return fail("redis.writable", "the server is a read-only copy")
    if server.in_slots:
        return fail("redis.writable", "the server is a cluster in slots, and scripts touch several keys at once")
    return ok("redis.writable", "the server is a primary")


def tls(facts: Facts) -> Finding:
    """Judge whether others can listen."""
    parts = urlsplit(facts.redis_url)
    if parts.scheme == "rediss":
        return ok("redis.tls", "the connection is encrypted")
    if parts.scheme == "unix" or is_here(parts.hostname or ""):
        return ok("redis.tls", "the server is on this machine")
    return warn("redis.tls", "passwords and rules cross the network in the clear")


def persistence(facts: Facts) -> Finding:
    """Judge whether what is there survives a restart."""
    log, snapshots, failing = known(facts.redis.persistence)
    if failing:
        return fail("redis.persistence", "the last write to disk failed", "see the server's log; make room on its disk")
    if log:
        return ok("redis.persistence", "every second is written to disk")
    if snapshots is None:
        return skipped("redis.persistence", "the server does not tell whether it saves; it keeps no append-only file")
    if snapshots:
        return warn("redis.persistence", "only snapshots are written: what came after the last one is lost")
    return warn("redis.persistence", "nothing is written to disk")


def memory(facts: Facts) -> Finding:
    """Judge what happens when memory is short."""
    policy, used, most = known(facts.redis.memory)
    found = f"{policy}, {used / 2**20:,.0f} MiB of {f'{most / 2**20:,.0f} MiB' if most else 'what there is'}"
    if policy.startswith("allkeys-"):
        return fail("redis.memory", f"{found}: the rule set would be dropped when memory is short")
    if policy != "noeviction":
        return warn(
            "redis.memory", f"{found}: alerts that fire would be forgotten when memory is short, and notify again"
        )
    if most and used > _FEW * most:
        return warn("redis.memory", found, "raise `maxmemory`")
    return ok("redis.memory", found)


JUDGES: Final[Mapping[str, Callable[[Facts], Finding]]] = {
    "redis.reachable": reachable,
    "redis.writable": writable,
    "redis.tls": tls,
    "redis.persistence": persistence,
    "redis.memory": memory,
}
