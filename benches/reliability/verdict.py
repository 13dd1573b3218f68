"""What a ledger and the platform's own tables say together: which promises were kept."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from benches.reliability.ledger import Arrival, Ledger, Window

LATE: Final = 2.0
"""Seconds after which an alert that was accepted counts as late at a healthy receiver."""

_BEFORE: Final = 3.0
_AFTER: Final = 1.0


class Notification(NamedTuple):
    """A row of the table."""

    tenant: str
    alert_id: str
    status: str


@dataclass
class Verdict:
    """What was found. Each list is empty when the promise was kept."""

    lost: list[str] = field(default_factory=list)
    """Alerts that were accepted and of which a tenant has no notification."""
    undelivered: list[str] = field(default_factory=list)
    """Alerts that a tenant whose receiver works did not receive."""
    unfinished: list[str] = field(default_factory=list)
    notified_twice: list[str] = field(default_factory=list)
    keys_differ: list[str] = field(default_factory=list)
    """Alerts that reached one tenant under two idempotency keys."""
    unexplained: list[Arrival] = field(default_factory=list)
    """Deliveries that were made again although nothing can have hidden the answer to the one before."""
    garbage_missing: list[str] = field(default_factory=list)
    repeated: int = 0
    """Deliveries that were made again although the receiver had taken them."""
    retried: int = 0
    """Attempts after one that the receiver refused, or whose answer it cut off."""
    lag: int = 0

    @property
    def broken(self) -> list[str]:
        """Return the promises that were not kept, in words."""
        named: dict[str, Sequence[object]] = {
            "lost alerts": self.lost,
            "undelivered alerts": self.undelivered,
            "unfinished notifications": self.unfinished,
            "notified twice": self.notified_twice,
            "different keys for one delivery": self.keys_differ,
            "unexplained repetitions": self.unexplained,
            "garbage that is in no dead letters": self.garbage_missing,
        }
        found = [f"{what}: {len(which)}, such as {which[0]}" for what, which in named.items() if which]
        return found + ([f"messages left in the topics: {self.lag}"] if self.lag else [])


def judge(
    ledger: Ledger,
    notifications: Sequence[Notification],
    *,
    tenants: Sequence[str],
    healthy: Sequence[str],
    dead_letters: Mapping[str, Sequence[bytes]],
    lag: int,
) -> Verdict:
    """Compare what was accepted with what was recorded and what arrived; `healthy` tenants' receivers always work."""
    verdict = Verdict(lag=lag)
    recorded = Counter((each.tenant, each.alert_id) for each in notifications)
    taken = {(each.tenant, each.alert_id) for each in ledger.arrivals if each.answer == "taken"}
    for alert_id in ledger.accepted:
        for tenant in tenants:
            if not recorded[tenant, alert_id]:
                verdict.lost.append(f"{alert_id} for {tenant}")
            elif tenant in healthy and (tenant, alert_id) not in taken:
                verdict.undelivered.append(f"{alert_id} for {tenant}")
    verdict.notified_twice = [f"{alert} for {tenant}" for (tenant, alert), number in recorded.items() if number > 1]
    verdict.unfinished = [f"{each.alert_id} for {each.tenant}" for each in notifications if each.status == "RECEIVED"]
    _judge_repetitions(ledger, verdict)
    for topic, messages in ledger.garbage.items():
        missing = Counter(messages) - Counter(dead_letters.get(topic, ()))
        verdict.garbage_missing += [f"{topic}: {message[:20]!r}" for message in missing.elements()]
    return verdict


def _judge_repetitions(ledger: Ledger, verdict: Verdict) -> None:
    by_alert: defaultdict[tuple[str, str], list[Arrival]] = defaultdict(list)
    for arrival in ledger.arrivals:
        by_alert[arrival.tenant, arrival.alert_id].append(arrival)
    hiding = hidden(ledger.windows)
    for (tenant, alert_id), arrivals in by_alert.items():
        if len({arrival.key for arrival in arrivals}) > 1:
            verdict.keys_differ.append(f"{alert_id} for {tenant}")
        for earlier in arrivals[:-1]:
            if earlier.answer != "taken":
                verdict.retried += 1
                continue
            verdict.repeated += 1
            if not any(begin <= earlier.at <= end for begin, end in hiding):
                verdict.unexplained.append(earlier)


def hidden(windows: Sequence[Window]) -> list[tuple[float, float]]:
    """Return when a receiver's answer may never have been recorded: around what was done to the sender.

    While the database is away results wait in the sender's memory, so a sender that is killed then forgets those of the
    whole time.
    """
    away = [each for each in windows if each.fault.target == "postgres"]
    spans = []
    for window in windows:
        if window.fault.target != "sender":
            continue
        begin = window.begin
        for each in away:
            if each.begin <= window.end and each.end + 2 * _BEFORE >= window.begin:
                begin = min(begin, each.begin)
        spans.append((begin - _BEFORE, window.end + _AFTER))
    return spans


def recoveries(ledger: Ledger, healthy: Sequence[str]) -> list[tuple[Window, float]]:
    """Return, for each fault, the seconds from its end until no alert is late at the healthy receivers.

    At least one alert that was accepted after its end has arrived by then.
    """
    first: dict[tuple[str, str], float] = {}
    for each in ledger.arrivals:
        if each.answer == "taken":
            first.setdefault((each.tenant, each.alert_id), each.at)
    times = sorted(
        (at, max(first.get((tenant, alert_id), float("inf")) for tenant in healthy))
        for alert_id, at in ledger.accepted.items()
    )
    late = _union([(at + LATE, arrived) for at, arrived in times if arrived > at + LATE])
    found = []
    for window in ledger.windows:
        fresh = next((arrived for at, arrived in times if at >= window.end), float("inf"))
        until = max([window.end, fresh, *(end for begin, end in late if begin <= fresh and end >= window.end)])
        found.append((window, until - window.end))
    return found


def _union(spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    joined: list[tuple[float, float]] = []
    for begin, end in sorted(spans):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((begin, end))
    return joined
