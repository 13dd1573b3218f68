"""The checks of clocks. Kafka's protocol does not tell its brokers' time."""

from collections.abc import Callable, Mapping
from typing import Final

from alerting.doctor.answer import known
from alerting.doctor.facts import Facts, Skew
from alerting.doctor.finding import Finding, fail, ok, warn

BAD: Final = 1.0
WORSE: Final = 30.0
_HEARTBEAT_WITHIN: Final = 0.5
"""A process that is short of CPU time writes its heartbeat a moment after it looked at its clock."""


def postgres(facts: Facts) -> Finding:
    """Judge the database's clock."""
    return _judge("clocks.postgres", "PostgreSQL", known(facts.postgres.skew))


def redis(facts: Facts) -> Finding:
    """Judge Redis's clock."""
    return _judge("clocks.redis", "Redis", known(facts.redis.skew))


def services(facts: Facts) -> Finding:
    """Judge the clocks of the services' machines."""
    beats = known(facts.redis.beats)
    wrong = {beat.instance: beat.skew for beat in beats if abs(beat.skew) > BAD + _HEARTBEAT_WITHIN}
    if not wrong:
        return ok("clocks.services", f"{len(beats)} processes are within {BAD:g} s of Redis")
    found = ", ".join(f"{name} {_seconds(offset)}" for name, offset in sorted(wrong.items()))
    worst = max(map(abs, wrong.values()))
    return fail("clocks.services", found) if worst > WORSE else warn("clocks.services", found)


def _judge(check: str, name: str, skew: Skew) -> Finding:
    least = abs(skew.offset) - skew.within
    found = f"{name}'s clock is {_seconds(skew.offset)}, ± {skew.within:.3f} s"
    if least > WORSE:
        return fail(check, found)
    return warn(check, found) if least > BAD else ok(check, found)


def _seconds(offset: float) -> str:
    return f"{abs(offset):.3f} s {'ahead' if offset > 0 else 'behind'}"


JUDGES: Final[Mapping[str, Callable[[Facts], Finding]]] = {
    "clocks.postgres": postgres,
    "clocks.redis": redis,
    "clocks.services": services,
}
