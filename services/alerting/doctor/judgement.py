"""All checks together: facts in, findings out, and no I/O."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from alerting.doctor import clocks, deliveries, kafka, keys, local, postgres, redis, rule_set, services, settings
from alerting.doctor.answer import NotKnownError
from alerting.doctor.catalog import CHECKS
from alerting.doctor.facts import Facts
from alerting.doctor.finding import Finding, skipped

JUDGES: Final[Mapping[str, Callable[[Facts], Finding]]] = {
    **settings.JUDGES,
    **postgres.JUDGES,
    **redis.JUDGES,
    **rule_set.JUDGES,
    **kafka.JUDGES,
    **keys.JUDGES,
    **clocks.JUDGES,
    **services.JUDGES,
    **deliveries.JUDGES,
    **local.JUDGES,
}


def judge(facts: Facts) -> Sequence[Finding]:
    """Return a finding of every check, in the catalog's order."""
    return [_judge(check, facts) for check in CHECKS]


def _judge(check: str, facts: Facts) -> Finding:
    try:
        return JUDGES[check](facts)
    except NotKnownError as gap:
        return skipped(check, str(gap))
