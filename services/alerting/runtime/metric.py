"""How a metric gets onto the list: with its name, its meaning, its labels, and the services that have it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final, Literal, TypeVar

from prometheus_client import REGISTRY, Counter, Gauge, Histogram, disable_created_metrics

Kind = Literal["counter", "gauge", "histogram"]
Labels = Mapping[str, Sequence[str]]
"""Names, each with the values that there are; none where these are known only when they come."""

AnyMetric = TypeVar("AnyMetric", Counter, Gauge, Histogram)

SERVICES: Final = (
    "ingest",
    "alert-producer",
    "rule-service",
    "rule-updater",
    "evaluator",
    "aggregator",
    "sender",
    "metrics",
)


@dataclass(frozen=True, slots=True)
class Listed:
    """A metric on the list."""

    name: str
    """As Prometheus has it; a histogram's series have ``_bucket``, ``_sum`` or ``_count`` behind it."""
    kind: Kind
    meaning: str
    labels: Labels
    services: Sequence[str]
    metric: Counter | Gauge | Histogram


METRICS: Final[list[Listed]] = []
"""In the order in which they were put there."""


def counter(name: str, meaning: str, labels: Labels | None = None, *, of: Sequence[str]) -> Counter:
    """Put a counter on the list."""
    return _listed(name, "counter", meaning, labels or {}, of, Counter(name, meaning, list(labels or {})))


def gauge(name: str, meaning: str, labels: Labels | None = None, *, of: Sequence[str]) -> Gauge:
    """Put a gauge on the list."""
    return _listed(name, "gauge", meaning, labels or {}, of, Gauge(name, meaning, list(labels or {})))


def histogram(
    name: str, meaning: str, labels: Labels | None = None, *, of: Sequence[str], buckets: Sequence[float]
) -> Histogram:
    """Put a histogram on the list."""
    metric = Histogram(name, meaning, list(labels or {}), buckets=buckets)
    return _listed(name, "histogram", meaning, labels or {}, of, metric)


def expose_only(service: str) -> None:
    """Take what other services have off ``/metrics``; to be called once, when a process knows which service it is.

    A gauge that nobody sets would be 0 there, which may mean something. What is none of the services keeps all.
    """
    disable_created_metrics()  # type: ignore[no-untyped-call]
    for listed in METRICS:
        if service in SERVICES and service not in listed.services:
            REGISTRY.unregister(listed.metric)


def _listed(
    name: str, kind: Kind, meaning: str, labels: Labels, services: Sequence[str], metric: AnyMetric
) -> AnyMetric:
    METRICS.append(Listed(name, kind, meaning, labels, services, metric))
    # What is counted from 0 on has an increase when it becomes 1; what only appears with 1 has none.
    if labels and all(labels.values()) and kind != "gauge":
        for values in product(*labels.values()):
            metric.labels(*values)
    return metric
