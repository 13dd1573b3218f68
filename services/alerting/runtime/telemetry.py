"""The platform's metrics in one list, and the figures of one process for its heartbeat.

Every metric is here, with its unit in its name, its meaning, its labels, and the services that have it; services import
the objects. No label is a client's, an address's or an alert's: what has such a value is bounded by nothing.
"""

import platform
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Final, Literal, get_args

from alerting import __version__
from alerting.runtime.clock import Clock
from alerting.runtime.metric import METRICS, SERVICES, counter, expose_only, gauge, histogram
from alerting.runtime.topics import TOPICS

_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
# A delivery may be tried for a day.
_LONG_SECONDS: Final = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600, 21_600, 86_400)

_WEB: Final = ("ingest", "alert-producer", "rule-service", "metrics")
_CONSUMERS: Final = ("rule-updater", "evaluator", "aggregator", "sender")
_POOLS: Final = (*_WEB, "sender")
_CHANNELS: Final = ("email", "slack", "webhook", "apprise")

BUILD_INFO = gauge(
    "alerting_build_info",
    "1, with what runs as labels",
    {"service": SERVICES, "version": (), "python": ()},
    of=SERVICES,
)
DEPENDENCY_UP = gauge(
    "alerting_dependency_up",
    "1 when a dependency answered, 0 when it did not: each scrape asks, for the next to tell. `group` is the consumer "
    "group that has to let this process in, `rules` a rule set to match with",
    {"dependency": ("kafka", "postgres", "redis", "group", "rules")},
    of=SERVICES,
)
UNAVAILABLE = counter(
    "alerting_dependency_unavailable_total",
    "Times that a dependency did not answer",
    {"dependency": ("kafka", "postgres", "redis", "rules", "relay", "sender")},
    of=SERVICES,
)
HTTP_REQUESTS = counter(
    "alerting_http_requests_total",
    "Requests answered, by the route's template (without the prefix of an integration) and the status; probes and "
    "scrapes are not counted",
    {"service": _WEB, "method": (), "route": (), "code": ()},
    of=_WEB,
)
HTTP_SECONDS = histogram(
    "alerting_http_request_seconds",
    "Time from a request's head to the head of its answer",
    {"service": _WEB, "route": ()},
    of=_WEB,
    buckets=_SECONDS,
)
POOL_CONNECTIONS = gauge(
    "alerting_postgres_pool_connections",
    "Connections to PostgreSQL that the pool has",
    {"state": ("idle", "used")},
    of=_POOLS,
)
POOL_MOST = gauge("alerting_postgres_pool_most_connections", "Connections that the pool may have", of=_POOLS)
POOL_WAITING = gauge("alerting_postgres_pool_waiting", "Questions that wait for a connection", of=_POOLS)

ALERTS_ACCEPTED = counter(
    "alerting_alerts_accepted_total", "Alerts that the broker has acknowledged", {"format": ()}, of=("ingest",)
)
ALERTS_REJECTED = counter(
    "alerting_alerts_rejected_total",
    "Alerts refused, by the field at fault",
    {"format": (), "field": ()},
    of=("ingest",),
)
ALERTS_RESOLVED = counter(
    "alerting_alerts_resolved_total", "Alerts that came as resolved; counted only", {"format": ()}, of=("ingest",)
)
ALERTS_ACKNOWLEDGED = counter(
    "alerting_alerts_acknowledged_total",
    "Alerts that their sender acknowledged; counted only",
    {"format": ("pagerduty",)},
    of=("ingest",),
)

CONSUMED = counter("alerting_messages_consumed_total", "Messages handled and committed", {"topic": ()}, of=_CONSUMERS)
PRODUCED = counter(
    "alerting_messages_produced_total",
    "Messages acknowledged by the broker",
    {"topic": ()},
    of=("ingest", "alert-producer", "rule-service", "evaluator", "aggregator"),
)
BATCH_SECONDS = histogram(
    "alerting_batch_seconds",
    "Time to handle one batch, to its commit",
    {"topic": ()},
    of=_CONSUMERS,
    buckets=_SECONDS,
)
STAGE_SECONDS = histogram(
    "alerting_stage_latency_seconds",
    "From a batch's first message being written to the broker until the batch was handled",
    {"topic": ()},
    of=_CONSUMERS,
    buckets=_SECONDS,
)
CONSUMER_LAG = gauge(
    "alerting_consumer_lag", "Messages that a group has not committed", {"topic": (), "group": ()}, of=("metrics",)
)
DEAD_LETTERS = counter(
    "alerting_dead_letters_total", "Messages refused, by reason", {"topic": (), "reason": ()}, of=_CONSUMERS
)
DEAD_LETTERS_HANDLED = counter(
    "alerting_dead_letters_handled_total",
    "Dead letters that were replayed or dropped over HTTP",
    {"topic": TOPICS, "action": ("replayed", "dropped")},
    of=("rule-service",),
)
DEAD_LETTERS_WAITING = gauge(
    "alerting_dead_letters_waiting",
    "Messages that were refused and that nobody replayed or dropped, by the topic they came on",
    {"topic": ()},
    of=("metrics",),
)
INSTANCES = gauge(
    "alerting_instances", "Processes of a service whose heartbeat is fresh", {"service": SERVICES}, of=("metrics",)
)

RULES_VERSION = gauge("alerting_rules_version", "Version of the rule set in use", of=("evaluator",))
RULES = gauge("alerting_rules", "Rules in the rule set in use", of=("evaluator",))
RULES_FOLLOWED = gauge(
    "alerting_rules_followed",
    "1 while the rule set in use follows the newest, 0 while it cannot",
    of=("evaluator",),
)
RULES_CONFIRMED = gauge(
    "alerting_rules_confirmed_timestamp_seconds",
    "Unix time at which the rule set in use was last known to be the newest; 0 before there was one",
    of=("evaluator",),
)
RULE_SETS_REFUSED = counter(
    "alerting_rule_sets_refused_total",
    "Bases and change sets that were wrong, and not used",
    {"what": ("base", "changes")},
    of=("evaluator",),
)
RULES_WRITTEN = gauge(
    "alerting_rules_written_version",
    "Newest version written to Redis; 0 when this rule-updater never had the lease",
    of=("rule-updater",),
)
RULES_LEASE = gauge("alerting_rules_lease", "1 while this rule-updater is the one that writes", of=("rule-updater",))
RULE_BASES = counter(
    "alerting_rule_bases_total",
    "Whole rule sets written to Redis, by cause",
    {"cause": ("missing", "ahead", "log", "stream", "chunks", "checksum", "unreadable", "changes")},
    of=("rule-updater",),
)
OUTBOX_CHANGES = gauge(
    "alerting_outbox_changes", "Versions of the rules that are not published yet, 10,000 at most", of=("metrics",)
)
OUTBOX_AGE = gauge(
    "alerting_outbox_oldest_seconds",
    "How long the oldest version that is not published waits; 0 when none does",
    of=("metrics",),
)

NOTIFICATIONS = counter(
    "alerting_notifications_total",
    "Notifications recorded, or already there",
    {"outcome": ("recorded", "duplicate", "republished")},
    of=("aggregator",),
)
DELIVERIES = counter(
    "alerting_deliveries_total",
    "Delivery attempts by outcome",
    {"type": _CHANNELS, "outcome": ("delivered", "retried", "failed")},
    of=("sender",),
)
DELIVERY_SECONDS = histogram(
    "alerting_delivery_attempt_seconds",
    "Time of one delivery attempt",
    {"type": _CHANNELS},
    of=("sender",),
    buckets=_SECONDS,
)
FIRST_ATTEMPT_SECONDS = histogram(
    "alerting_first_attempt_delay_seconds",
    "From a notification being recorded until a delivery's first attempt; a fallback's waits for the others to fail",
    {"type": _CHANNELS},
    of=("sender",),
    buckets=_LONG_SECONDS,
)
DELIVERED_SECONDS = histogram(
    "alerting_delivered_after_seconds",
    "From a notification being recorded until a receiver had it, with all waits and repetitions",
    {"type": _CHANNELS},
    of=("sender",),
    buckets=_LONG_SECONDS,
)
DELIVERIES_PUT_OFF = counter(
    "alerting_deliveries_put_off_total",
    "Deliveries that had to wait for a receiver, its rate or a free place",
    {"type": _CHANNELS, "cause": ("receiver", "rate", "busy")},
    of=("sender",),
)
DELIVERIES_ENDED = counter(
    "alerting_deliveries_ended_total",
    "Deliveries that ended without one more attempt, by status",
    {"status": ("FAILED", "EXPIRED")},
    of=("sender",),
)
DELIVERIES_WAITING = gauge(
    "alerting_deliveries_waiting",
    "Deliveries that are not finished, 100,000 at most: due and nobody's, leased by a sender, or put off",
    {"state": ("due", "leased", "put_off")},
    of=("metrics",),
)
DELIVERIES_OVERDUE = gauge(
    "alerting_deliveries_overdue_seconds",
    "How long the delivery that is due for longest waits for a sender; 0 when none does",
    of=("metrics",),
)
OPEN_BREAKERS = gauge("alerting_open_breakers", "Receivers that are left alone because they fail", of=("sender",))
ENDPOINTS_DISABLED = counter(
    "alerting_endpoints_disabled_total",
    "Endpoints that were disabled, by cause",
    {"cause": ("gone", "failing")},
    of=("sender",),
)
RETENTION_ROUNDS = counter(
    "alerting_retention_rounds_total",
    "Looks for old notifications, by how they ended: done, with more to do, failed; off when all are kept for ever",
    {"outcome": ("done", "more", "failed", "off")},
    of=("sender",),
)
NOTIFICATIONS_REMOVED = counter(
    "alerting_notifications_removed_total", "Notifications removed because they were old", of=("sender",)
)

EVERY_METRIC: Final = tuple(METRICS)
"""The list."""


def show_process(service: str) -> None:
    """Say in the metrics what runs here, and leave out those of other services; called once, by a service's process."""
    expose_only(service)
    BUILD_INFO.labels(service, __version__, platform.python_version()).set(1)


Count = Literal["consumed", "produced", "refused", "errors", "dead_letters"]
"""`refused` is what is wrong with others: with what senders send or with receivers. `errors` are the platform's own."""

_WINDOW: Final = 60.0
_MOST_SAMPLES: Final = 10_000


class Telemetry:
    """The figures of one process: totals, rates and latencies over the last minute. Thread-safe."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._counts: dict[Count, int] = dict.fromkeys(get_args(Count), 0)
        self._history: deque[tuple[float, dict[Count, int]]] = deque([(clock.monotonic(), dict(self._counts))])
        self._latencies: deque[tuple[float, float]] = deque(maxlen=_MOST_SAMPLES)
        self.rules_version: int | None = None

    def count(self, what: Count, number: int = 1) -> None:
        """Add to a total."""
        with self._lock:
            self._counts[what] += number

    def observe(self, seconds: float) -> None:
        """Add a latency."""
        with self._lock:
            self._latencies.append((self._clock.monotonic(), seconds))

    def totals(self) -> dict[Count, int]:
        """Return how much was counted of each."""
        with self._lock:
            return dict(self._counts)

    def figures(self) -> dict[str, object]:
        """Return totals, rates per second and latency quantiles in milliseconds, over the last minute at most."""
        with self._lock:
            now = self._clock.monotonic()
            while len(self._history) > 1 and self._history[1][0] <= now - _WINDOW:
                self._history.popleft()
            since, before = self._history[0]
            rates = {
                name: round((count - before[name]) / (now - since), 3) if now > since else 0.0
                for name, count in self._counts.items()
            }
            self._history.append((now, dict(self._counts)))
            recent = sorted(seconds for at, seconds in self._latencies if at > now - _WINDOW)
            return {
                "counters": dict(self._counts),
                "rates": rates,
                "latency_ms": quantiles(recent),
                "rules_version": self.rules_version,
            }


def quantiles(ordered: Sequence[float]) -> Mapping[str, float | None]:
    """Return the quantiles of ordered seconds, in milliseconds, by nearest rank; None when there are none."""

    def at(percent: int) -> float | None:
        return round(ordered[-(-percent * len(ordered) // 100) - 1] * 1_000, 3) if ordered else None

    return {"p50": at(50), "p95": at(95), "p99": at(99)}
