"""The checks of the rule set in Redis, and of those who write and read it."""

from collections.abc import Callable, Mapping
from typing import Final

from alerting.doctor.answer import Unknown, known
from alerting.doctor.facts import Facts
from alerting.doctor.finding import Finding, fail, ok, warn

_MUCH: Final = 100


def base(facts: Facts) -> Finding:
    """Judge whether evaluators can load the rule set."""
    known(facts.redis.server)
    found = facts.redis.base
    if isinstance(found, Unknown):
        return fail("rules.base", found.because)
    if found is None:
        return fail("rules.base", "there is no rule set: evaluators match nothing until there is one")
    return ok("rules.base", f"{found.rules:,} rules at version {found.version}, {found.size:,} bytes, checksum right")


def version(facts: Facts) -> Finding:
    """Judge whether Redis has the newest rules."""
    here, there = known(facts.redis.rules_version), known(facts.postgres.rules_version)
    if here is None:
        return fail("rules.version", f"Redis has none, PostgreSQL has {there}")
    if here == there:
        return ok("rules.version", f"{here}, as in PostgreSQL")
    found = f"Redis has {here}, PostgreSQL has {there}"
    if here > there:
        return fail("rules.version", f"{found}: the database was restored from an older copy")
    return fail("rules.version", found) if there - here > _MUCH else warn("rules.version", found)


def lease(facts: Facts) -> Finding:
    """Judge whether somebody keeps the rule set as the database has it."""
    holder = known(facts.redis.lease)
    if holder is None:
        return fail("rules.lease", "nobody holds it: changes of rules do not get to the evaluators")
    return ok("rules.lease", f"held by {holder}")


JUDGES: Final[Mapping[str, Callable[[Facts], Finding]]] = {
    "rules.base": base,
    "rules.version": version,
    "rules.lease": lease,
}
