"""What the demo found: counted from what the receivers saw, compared with what had to arrive."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from rich.console import Console
from rich.table import Table

from alerting.local.sinks import Arrival
from alerting.local.story import Expected

_ALERT_ID = re.compile(r"demo-[0-9a-f]+-\d{6}")


@dataclass(frozen=True, slots=True)
class Outcome:
    """The demo's figures; latencies are in milliseconds, from sending the alert to the delivery's arrival."""

    alerts_accepted: int
    alerts_sent_twice: int
    alerts_matched: int
    notifications: int
    deliveries: dict[str, int]
    duplicates: int
    lost: int
    unexpected: int
    latency_ms: dict[str, float | None]

    @property
    def good(self) -> bool:
        """Tell whether everything arrived, once, and nothing else."""
        return self.lost == self.duplicates == self.unexpected == 0

    def as_json(self) -> dict[str, object]:
        """Return the figures for machines."""
        return asdict(self)


def delivery_of(arrival: Arrival, base_url: str) -> tuple[str, str, str]:
    """Return the type, the endpoint's value and the alert's id of what arrived."""
    to = arrival.to if arrival.channel == "email" else base_url + arrival.to
    found = _ALERT_ID.search(str(arrival.body))
    return arrival.channel, to, found[0] if found else ""


def judge(
    expected: Expected,
    arrivals: Sequence[Arrival],
    *,
    base_url: str,
    sent_at: Mapping[str, float],
    sent_twice: int,
    notifications: int,
) -> Outcome:
    """Compare what arrived with what had to."""
    times = [(delivery_of(arrival, base_url), arrival.at) for arrival in arrivals]
    counts = Counter(delivery for delivery, _ in times)
    latencies = sorted(at - sent_at[delivery[2]] for delivery, at in times if delivery in expected.deliveries)
    return Outcome(
        alerts_accepted=len(sent_at),
        alerts_sent_twice=sent_twice,
        alerts_matched=len({alert_id for _, alert_id in expected.notifications}),
        notifications=notifications,
        deliveries=dict(sorted(Counter(channel for channel, _, _ in counts.elements()).items())),
        duplicates=sum(count - 1 for count in counts.values()) + max(0, notifications - len(expected.notifications)),
        lost=len(expected.deliveries - counts.keys()) + max(0, len(expected.notifications) - notifications),
        unexpected=len(counts.keys() - expected.deliveries),
        latency_ms={name: _quantile(latencies, share) for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))},
    )


def _quantile(ordered: Sequence[float], share: float) -> float | None:
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1_000, 1) if ordered else None


def print_table(outcome: Outcome, console: Console) -> None:
    """Print the figures for people."""
    table = Table(title="What the platform did", show_header=False, title_justify="left")
    table.add_column()
    table.add_column(justify="right")
    table.add_row("alerts accepted", f"{outcome.alerts_accepted:,}")
    table.add_row("  of them sent twice", f"{outcome.alerts_sent_twice:,}")
    table.add_row("  of them matched", f"{outcome.alerts_matched:,}")
    table.add_row("notifications", f"{outcome.notifications:,}")
    for channel, count in outcome.deliveries.items():
        table.add_row(f"deliveries by {channel}", f"{count:,}")
    table.add_section()
    for name in ("duplicates", "lost", "unexpected"):
        count = getattr(outcome, name)
        table.add_row(name, f"[{'red' if count else 'green'}]{count:,}[/]")
    table.add_section()
    for name, milliseconds in outcome.latency_ms.items():
        table.add_row(f"latency {name}", "–" if milliseconds is None else f"{milliseconds:,.1f} ms")
    console.print(table)
