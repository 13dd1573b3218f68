"""What the service says."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from pydantic import BaseModel

Dependency = Literal["kafka", "postgres", "redis"]


class TopicFigures(BaseModel):
    """One topic, and how far its consumers are."""

    topic: str
    group: str
    partitions: int
    written: int
    """Messages ever written to it."""
    lag: int
    """Messages that its group has not committed."""
    dead_letters: int
    """Messages that its group refused, as long as they are kept."""


class Instance(BaseModel):
    """One process, as its last heartbeat told."""

    service: str
    instance: str
    version: str
    started_at: float
    at: float
    counters: dict[str, int]
    rates: dict[str, float]
    """Of each counter, a second, over the last minute."""
    latency_ms: dict[str, float | None]
    rules_version: int | None = None


class ServiceFigures(BaseModel):
    """All processes of a service."""

    service: str
    instances: list[Instance]
    counters: dict[str, int]
    rates: dict[str, float]
    """Of each counter, a second, over the last minute, of all instances together."""
    latency_ms: dict[str, float | None]
    """The slowest instance's: quantiles of several cannot be added up."""
    versions: list[str]
    rules_version: int | None
    """The oldest that an instance has."""


class Hour(BaseModel):
    """The notifications that were recorded in one hour."""

    hour: datetime
    by_status: dict[str, int]


class NotificationFigures(BaseModel):
    """The notifications, and their deliveries, since the beginning of the first hour."""

    since: datetime
    notifications: int
    by_status: dict[str, int]
    deliveries: int
    deliveries_by_type: dict[str, dict[str, int]]
    """By type of endpoint and by status."""
    hours: list[Hour]
    """Every hour, also one in which nothing was."""


class AlertFigures(BaseModel):
    """What comes in."""

    written: int | None
    """Alerts ever written to the broker; null when it does not answer."""
    rate: float | None
    """Alerts a second over the last minute; null when Redis does not answer."""


class PipelineFigures(BaseModel):
    """Everything. A part is null when the dependency that knows it does not answer."""

    at: datetime
    parts: Mapping[Dependency, Literal["ok", "unavailable"]]
    alerts: AlertFigures
    notifications: NotificationFigures | None
    services: list[ServiceFigures] | None
    topics: list[TopicFigures] | None


class ServiceList(BaseModel):
    """The services that have a process."""

    items: list[ServiceFigures]


class TopicList(BaseModel):
    """The topics of the platform."""

    items: list[TopicFigures]
