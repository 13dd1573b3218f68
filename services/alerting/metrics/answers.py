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
    """Messages that its group refused and nobody replayed or dropped; all that are kept while PostgreSQL is away."""


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
    by_severity: dict[str, int]


class NotificationFigures(BaseModel):
    """The notifications, and their deliveries, since the beginning of the first hour."""

    since: datetime
    notifications: int
    by_status: dict[str, int]
    by_severity: dict[str, int]
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


class ServiceSample(BaseModel):
    """All processes of a service, as they were."""

    instances: int
    rates: dict[str, float]
    """Of each counter, a second, over the minute before, of all instances together."""
    latency_ms: dict[str, float | None]
    """The slowest instance's, over the minute before; null when nothing was handled in it."""


class TopicSample(BaseModel):
    """A topic, as it was."""

    lag: int
    dead_letters: int
    written: int


class Snapshot(BaseModel):
    """How everything is."""

    services: dict[str, ServiceSample]
    """By name; a service without a process is not there."""
    topics: dict[str, TopicSample] | None
    """By name; null when the broker did not answer."""


class Sample(Snapshot):
    """How everything was at one time."""

    at: datetime


class History(BaseModel):
    """Samples, the oldest first. One that was not taken is missing, and nothing is put in its place."""

    step_seconds: int
    """From one sample to the next, where none is missing."""
    samples: list[Sample]


class BoundedCount(BaseModel):
    """How many there are, counted up to a bound."""

    count: int
    more: bool
    """Whether there are more than were counted."""


class ReceiversRule(BaseModel):
    """A rule that has an endpoint there."""

    id: str
    source: str
    name: str


class FailingReceiver(BaseModel):
    """An address of a client to which every attempt failed for some time."""

    client_id: str
    type: str
    shown: str
    """The address without what is secret in it."""
    failing_since: datetime
    failures: int
    last_failure_at: datetime
    last_error: str | None
    open_until: datetime | None
    """Until when it is left alone; null when it is not."""
    given_up: bool
    """Whether its endpoints were disabled because nothing arrived."""
    endpoint_ids: list[str]
    """The endpoints with this address: the first 20."""
    rule: ReceiversRule
    """Of the first of these: several addresses may look alike when what is secret is left out."""


class Failing(BaseModel):
    """What fails now, or waits, the oldest first."""

    at: datetime
    parts: Mapping[Dependency, Literal["ok", "unavailable"]]
    """The dependencies that were asked."""
    receivers: list[FailingReceiver]
    """The first hundred."""
    receivers_more: bool
    notifications_failed: BoundedCount
    """Those of the last 24 hours that reached some of their receivers, or none."""
    waiting: BoundedCount
    """Notifications that are older than a minute and not finished."""
    dead_letters: int | None
    """Messages that were refused; null when the question is about one client, or the broker does not answer."""
    services_down: list[str] | None
    """Services without a process; null when the question is about one client, or Redis does not answer."""
