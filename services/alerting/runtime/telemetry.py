"""The platform's metrics in one list, and the figures of one process for its heartbeat.

Every metric is here, with its unit in its name and its meaning beside it; services import the objects.
"""

import threading
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Final, Literal, get_args

from prometheus_client import Counter, Gauge, Histogram

from alerting.runtime.clock import Clock

_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)

CONSUMED = Counter("alerting_messages_consumed_total", "Messages handled and committed", ["topic"])
PRODUCED = Counter("alerting_messages_produced_total", "Messages acknowledged by the broker", ["topic"])
DEAD_LETTERS = Counter("alerting_dead_letters_total", "Messages refused, by reason", ["topic", "reason"])
DEAD_LETTERS_HANDLED = Counter(
    "alerting_dead_letters_handled_total", "Dead letters that were replayed or dropped", ["topic", "action"]
)
UNAVAILABLE = Counter("alerting_dependency_unavailable_total", "Times that a dependency did not answer", ["dependency"])
BATCH_SECONDS = Histogram(
    "alerting_batch_seconds", "Time to handle one batch, to its commit", ["topic"], buckets=_SECONDS
)
STAGE_SECONDS = Histogram(
    "alerting_stage_latency_seconds",
    "From a batch's first message being written to the broker until the batch was handled",
    ["topic"],
    buckets=_SECONDS,
)
RULES_VERSION = Gauge("alerting_rules_version", "Version of the rule set in use")
RULES = Gauge("alerting_rules", "Rules in the rule set in use")
RULES_FOLLOWED = Gauge("alerting_rules_followed", "1 while the rule set in use follows the newest, 0 while it cannot")
RULE_SETS_REFUSED = Counter(
    "alerting_rule_sets_refused_total", "Bases and change sets that were wrong, and not used", ["what"]
)
RULES_LEASE = Gauge("alerting_rules_lease", "1 while this rule-updater is the one that writes")
RULE_BASES = Counter("alerting_rule_bases_total", "Whole rule sets written to Redis, by cause", ["cause"])
ALERTS_ACCEPTED = Counter("alerting_alerts_accepted_total", "Alerts that the broker has acknowledged", ["format"])
ALERTS_REJECTED = Counter(
    "alerting_alerts_rejected_total", "Alerts refused, by the field at fault", ["format", "field"]
)
ALERTS_RESOLVED = Counter("alerting_alerts_resolved_total", "Alerts that came as resolved; counted only", ["format"])
ALERTS_ACKNOWLEDGED = Counter(
    "alerting_alerts_acknowledged_total", "Alerts that their sender acknowledged; counted only", ["format"]
)
NOTIFICATIONS = Counter("alerting_notifications_total", "Notifications recorded, or already there", ["outcome"])
DELIVERIES = Counter("alerting_deliveries_total", "Delivery attempts by outcome", ["type", "outcome"])
DELIVERY_SECONDS = Histogram(
    "alerting_delivery_attempt_seconds", "Time of one delivery attempt", ["type"], buckets=_SECONDS
)
DELIVERIES_PUT_OFF = Counter(
    "alerting_deliveries_put_off_total",
    "Deliveries that had to wait for a receiver, its rate or a free place",
    ["type", "cause"],
)
DELIVERIES_ENDED = Counter(
    "alerting_deliveries_ended_total", "Deliveries that ended without one more attempt, by status", ["status"]
)
OPEN_BREAKERS = Gauge("alerting_open_breakers", "Receivers that are left alone because they fail")
ENDPOINTS_DISABLED = Counter("alerting_endpoints_disabled_total", "Endpoints that were disabled, by cause", ["cause"])
NOTIFICATIONS_REMOVED = Counter("alerting_notifications_removed_total", "Notifications removed because they were old")
CONSUMER_LAG = Gauge("alerting_consumer_lag", "Messages that a group has not committed", ["topic", "group"])

Count = Literal["consumed", "produced", "refused", "errors", "dead_letters"]
"""`refused` is what is wrong with others: with what senders send, or with receivers. `errors` are the platform's own."""

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
