"""The processes that live, from their heartbeats in Redis."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final, TypeVar

import structlog
from pydantic import ValidationError

from alerting.metrics.answers import Instance, ServiceFigures
from alerting.runtime.async_redis import connect, redis_errors
from alerting.runtime.config import Settings

Number = TypeVar("Number", int, float)

_log = structlog.get_logger(__name__)

_MOST_INSTANCES: Final = 2_000
_AT_ONCE: Final = 500


class HeartbeatReader:
    """Asks Redis."""

    def __init__(self, settings: Settings, *, timeout: float) -> None:
        self._redis = connect(settings, timeout=timeout)

    async def read(self) -> Sequence[ServiceFigures]:
        """Return the figures of every service that has a process.

        Raises
        ------
        Unavailable
            Redis does not answer.
        """
        with redis_errors():
            keys = await self._keys()
            bodies = [
                body
                for first in range(0, len(keys), _AT_ONCE)
                for body in await self._redis.mget(keys[first : first + _AT_ONCE])
            ]
        return by_service(instance for body in bodies if (instance := read_heartbeat(body)) is not None)

    async def check(self) -> None:
        """Return when Redis answers."""
        with redis_errors():
            await self._redis.ping()

    async def close(self) -> None:
        """Let go of the connections."""
        await self._redis.aclose()

    async def _keys(self) -> Sequence[bytes]:
        # A key may come twice; it counts once.
        keys: dict[bytes, None] = {}
        async for key in self._redis.scan_iter(match="heartbeat:*", count=_AT_ONCE):
            keys[key] = None
            if len(keys) == _MOST_INSTANCES:
                _log.warning("more heartbeats than are shown", shown=_MOST_INSTANCES)
                break
        return list(keys)


def read_heartbeat(body: bytes | str | None) -> Instance | None:
    """Read a heartbeat; None when it expired meanwhile, or is not one."""
    if body is None:
        return None
    try:
        return Instance.model_validate_json(body)
    except ValidationError:
        return None


def by_service(instances: Iterable[Instance]) -> Sequence[ServiceFigures]:
    """Put together the instances of each service."""
    ordered = sorted(instances, key=lambda each: (each.service, each.instance))
    return [_service(name, list(group)) for name, group in groupby(ordered, key=lambda each: each.service)]


def _service(name: str, instances: list[Instance]) -> ServiceFigures:
    versions = [each.rules_version for each in instances if each.rules_version is not None]
    return ServiceFigures(
        service=name,
        instances=instances,
        counters=_sums(each.counters for each in instances),
        rates={count: round(rate, 3) for count, rate in _sums(each.rates for each in instances).items()},
        latency_ms=_slowest([each.latency_ms for each in instances]),
        versions=sorted({each.version for each in instances}),
        rules_version=min(versions, default=None),
    )


def _sums(figures: Iterable[dict[str, Number]]) -> dict[str, Number]:
    total: dict[str, Number] = {}
    for each in figures:
        for name, value in each.items():
            total[name] = total[name] + value if name in total else value
    return total


def _slowest(latencies: Sequence[dict[str, float | None]]) -> dict[str, float | None]:
    quantiles = dict.fromkeys(quantile for each in latencies for quantile in each)
    return {
        quantile: max((value for each in latencies if (value := each.get(quantile)) is not None), default=None)
        for quantile in quantiles
    }
