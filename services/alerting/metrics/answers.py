"""What the service says."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from alerting.runtime.described import Described

Dependency = Literal["kafka", "postgres", "redis"]


class TopicFigures(Described):
    """One topic, and how far its consumers are."""

    topic: str
    """Its name."""
    group: str
    """The consumer group that reads it."""
    partitions: int
    """How many partitions it has; 0 when it is not there."""
    written: int
    """Messages ever written to it."""
    lag: int
    """Messages that its group has not committed."""
    dead_letters: int
    """Messages that its group refused and nobody replayed or dropped; all that are kept while PostgreSQL is away."""


class Instance(Described):
    """One process, as its last heartbeat told."""

    service: str
    """The service that it is of."""
    instance: str
    """Its name, which differs from those of the service's others."""
    version: str
    """The version that it runs."""
    started_at: float
    """When it started, in Unix seconds."""
    at: float
    """When the heartbeat was, in Unix seconds."""
    counters: dict[str, int]
    """What it counted since it started, by the counter's name."""
    rates: dict[str, float]
    """What each counter grows by a second, over the last minute."""
    latency_ms: dict[str, float | None]
    """`p50`, `p95`, `p99` of what it handled in the last minute, in milliseconds; null when it was nothing."""
    rules_version: int | None = None
    """The version of the rule set that it has; null when it has none."""


class ServiceFigures(Described):
    """All processes of a service."""

    service: str
    """Its name."""
    instances: list[Instance]
    """Its processes, by name."""
    counters: dict[str, int]
    """What all of them counted since each started."""
    rates: dict[str, float]
    """What each counter of all instances together grows by a second, over the last minute."""
    latency_ms: dict[str, float | None]
    """The slowest instance's `p50`, `p95`, `p99`, in milliseconds: quantiles of several cannot be added up."""
    versions: list[str]
    """The versions that its processes run."""
    rules_version: int | None
    """The oldest version of the rule set that an instance has; null when none has one."""


class Hour(Described):
    """The notifications that were recorded in one hour."""

    hour: datetime
    """When the hour begins, in UTC."""
    by_status: dict[str, int]
    """How many there are now of each status."""
    by_severity: dict[str, int]
    """How many there are of each severity."""


class NotificationFigures(Described):
    """The notifications, and their deliveries, since the beginning of the first hour."""

    since: datetime
    """When the first hour begins, in UTC."""
    notifications: int
    """How many there are."""
    by_status: dict[str, int]
    """How many there are of each status."""
    by_severity: dict[str, int]
    """How many there are of each severity."""
    deliveries: int
    """How many deliveries they have."""
    deliveries_by_type: dict[str, dict[str, int]]
    """How many deliveries there are, by type of endpoint and by status."""
    hours: list[Hour]
    """Every hour, also one in which nothing was."""


class AlertFigures(Described):
    """What comes in."""

    written: int | None
    """Alerts ever written to the broker; null when it does not answer."""
    rate: float | None
    """Alerts a second over the last minute; null when Redis does not answer."""


class PipelineFigures(Described):
    """Everything. A part is null when the dependency that knows it does not answer."""

    at: datetime
    """When this was put together, in UTC."""
    parts: Mapping[Dependency, Literal["ok", "unavailable"]]
    """Whether each of the dependencies that were asked answered."""
    alerts: AlertFigures
    """What comes in."""
    notifications: NotificationFigures | None
    """What was recorded; null when PostgreSQL does not answer."""
    services: list[ServiceFigures] | None
    """The services that have a process; null when Redis does not answer."""
    topics: list[TopicFigures] | None
    """The topics; null when the broker does not answer."""


class ServiceList(Described):
    """The services that have a process."""

    items: list[ServiceFigures]
    """The services, by name."""


class TopicList(Described):
    """The topics of the platform."""

    items: list[TopicFigures]
    """The topics, in the order of the pipeline."""


class ServiceSample(Described):
    """All processes of a service, as they were."""

    instances: int
    """How many processes it had."""
    rates: dict[str, float]
    """What each counter of all instances together grew by a second, over the minute before."""
    latency_ms: dict[str, float | None]
    """The slowest instance's, in milliseconds, over the minute before; null when nothing was handled in it."""


class TopicSample(Described):
    """A topic, as it was."""

    lag: int
    """Messages that its group had not committed."""
    dead_letters: int
    """Messages that its group had refused and nobody had replayed or dropped."""
    written: int
    """Messages ever written to it."""


class Snapshot(Described):
    """How everything is."""

    services: dict[str, ServiceSample]
    """By name; a service without a process is not there."""
    topics: dict[str, TopicSample] | None
    """By name; null when the broker did not answer."""


class Sample(Snapshot):
    """How everything was at one time."""

    at: datetime
    """When it was taken, in UTC."""


class History(Described):
    """Samples, the oldest first. One that was not taken is missing, and nothing is put in its place."""

    step_seconds: int
    """Seconds from one sample to the next, where none is missing."""
    samples: list[Sample]
    """The samples, the oldest first."""


class BoundedCount(Described):
    """How many there are, counted up to a bound."""

    count: int
    """How many were counted; no more than the bound."""
    more: bool
    """Whether there are more than were counted."""


class ReceiversRule(Described):
    """A rule that has an endpoint there."""

    id: str
    """Its id."""
    source: str
    """The source that it matches; `*` matches any."""
    name: str
    """The name that it matches; `*` matches any."""


class FailingReceiver(Described):
    """An address of a client to which every attempt failed for some time."""

    client_id: str
    """The client's id."""
    type: str
    """How it is told."""
    shown: str
    """The address without what is secret in it."""
    failing_since: datetime
    """When the first of these failures was, in UTC."""
    failures: int
    """How many attempts failed since the last one that did not."""
    last_failure_at: datetime
    """When an attempt failed last, in UTC."""
    last_error: str | None
    """What the last failure was; null when that is not known."""
    open_until: datetime | None
    """Until when it is left alone, in UTC; null when it is not."""
    given_up: bool
    """Whether its endpoints were disabled because nothing arrived."""
    endpoint_ids: list[str]
    """The endpoints with this address: the first 20."""
    rule: ReceiversRule
    """The first one's rule: several addresses may look alike when what is secret is left out."""


class Failing(Described):
    """What fails now, or waits, the oldest first."""

    at: datetime
    """When this was put together, in UTC."""
    parts: Mapping[Dependency, Literal["ok", "unavailable"]]
    """Whether each of the dependencies that were asked answered."""
    receivers: list[FailingReceiver]
    """The receivers that fail: the first hundred."""
    receivers_more: bool
    """Whether more receivers fail than these."""
    notifications_failed: BoundedCount
    """Notifications of the last 24 hours that reached only some of their receivers, or none."""
    waiting: BoundedCount
    """Notifications that are older than a minute and not finished."""
    dead_letters: int | None
    """Messages that were refused; null when the question is about one client, or the broker does not answer."""
    services_down: list[str] | None
    """Services without a process; null when the question is about one client, or Redis does not answer."""
