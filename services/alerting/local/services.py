"""The services of one machine: what they are called, where they listen, and in which order they stop."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from alerting.local.child import Service
from alerting.local.ports import free_port, is_free


@dataclass(frozen=True, slots=True)
class ServiceSpec:
    """One service."""

    name: str
    port: int
    """Where it listens when nobody else does."""
    command: tuple[str, ...]


def _spec(name: str, port: int, *more: str) -> ServiceSpec:
    return ServiceSpec(name, port, (sys.executable, "-m", "alerting", name, *more))


SERVICES: Final = {
    spec.name: spec
    for spec in (
        _spec("rule-service", 8081),
        _spec("rule-updater", 8084),
        _spec("metrics", 8083),
        _spec("sender", 8087),
        _spec("aggregator", 8086),
        _spec("evaluator", 8085),
        _spec("ingest", 8080),
        _spec("alert-producer", 8082, "serve"),
    )
}

INTAKE: Final = ("ingest", "alert-producer")
"""What stops first, so that no new alert comes while the others finish."""

DRAIN: Final = ({"evaluator"}, {"aggregator"}, {"sender"}, {"rule-service"}, {"rule-updater", "metrics"})
"""What stops then, each stage after the one that feeds it."""


def choose_ports() -> dict[str, int]:
    """Return each service's port: its usual one, or a free one when that is taken."""
    return {spec.name: spec.port if is_free(spec.port) else free_port() for spec in SERVICES.values()}


GATEWAY: Final = {
    "ALERTING_METRICS_URL": "metrics",
    "ALERTING_PRODUCER_URL": "alert-producer",
    "ALERTING_INGEST_URL": "ingest",
}
"""The settings by which rule-service finds the others."""


def make_service(spec: ServiceSpec, port: int, data_dir: Path, env: Mapping[str, str]) -> Service:
    """Make a service that logs to the data directory."""
    own = {**env, "ALERTING_PORT": str(port), "ALERTING_INSTANCE": f"{spec.name}-{os.getpid()}"}
    return Service(spec.name, spec.command, data_dir / "logs" / f"{spec.name}.log", env=own)
