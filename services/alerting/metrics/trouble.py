"""What fails now, or waits: the first thing to look at."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from alerting.metrics.answers import Dependency, Failing, ServiceFigures, TopicFigures
from alerting.metrics.cache import Cache
from alerting.metrics.failures import FailureReader, Failures
from alerting.metrics.pipeline import Pipeline, or_none
from alerting.runtime.clock import Clock

NEEDED: Final = ("ingest", "evaluator", "aggregator", "sender", "rule-service", "rule-updater")
"""The services without which an alert does not get through, or a rule is not changed, in the order of the pipeline.

Alerts do not need alert-producer, which a deployment may leave out; and who answers this is metrics.
"""


class Trouble:
    """What fails, kept for a moment. The platform's own troubles are for those who ask about all clients."""

    def __init__(self, failures: FailureReader, pipeline: Pipeline, clock: Clock, *, seconds: float) -> None:
        self._failures = failures
        self._pipeline = pipeline
        self._clock = clock
        self._kept: Cache[str | None, Failures] = Cache(clock, seconds=seconds, most=200)

    async def now(self, client_id: str | None) -> Failing:
        """Return what fails for one client, or for all.

        Raises
        ------
        Unavailable
            The database does not answer.
        """
        failures = await self._kept.get(client_id, lambda: self._failures.read(client_id))
        if client_id is not None:
            return self._failing(failures, {}, None, None)
        services, topics = await asyncio.gather(or_none(self._pipeline.services()), or_none(self._pipeline.topics()))
        return self._failing(failures, {"redis": services, "kafka": topics}, services, topics)

    def _failing(
        self,
        failures: Failures,
        more: dict[Dependency, object],
        services: Sequence[ServiceFigures] | None,
        topics: Sequence[TopicFigures] | None,
    ) -> Failing:
        asked: dict[Dependency, object] = {"postgres": failures, **more}
        return Failing(
            at=datetime.fromtimestamp(self._clock.now(), UTC),
            parts={name: "unavailable" if part is None else "ok" for name, part in asked.items()},
            receivers=failures.receivers,
            receivers_more=failures.receivers_more,
            notifications_failed=failures.notifications_failed,
            waiting=failures.waiting,
            dead_letters=None if topics is None else sum(each.dead_letters for each in topics),
            services_down=None if services is None else services_down(services),
        )


def services_down(services: Sequence[ServiceFigures]) -> list[str]:
    """Return the services that are needed and have no process."""
    alive = {each.service for each in services}
    return [name for name in NEEDED if name not in alive]
