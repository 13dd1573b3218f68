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
    latency_ms: dict[str, dict[str, float]]
    """Of all deliveries, and of each channel's."""

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
    latencies: dict[str, list[float]] = {"all": []}
    for delivery, at in times:
        if delivery in expected.deliveries:
            latency = at - sent_at[delivery[2]]
            latencies["all"].append(latency)
            latencies.setdefault(delivery[0], []).append(latency)
    return Outcome(
        alerts_accepted=len(sent_at),
        alerts_sent_twice=sent_twice,
        alerts_matched=len({alert_id for _, alert_id in expected.notifications}),
        notifications=notifications,
        deliveries=dict(sorted(Counter(channel for channel, _, _ in counts.elements()).items())),
        duplicates=sum(count - 1 for count in counts.values()) + max(0, notifications - len(expected.notifications)),
        lost=len(expected.deliveries - counts.keys()) + max(0, len(expected.notifications) - notifications),
        unexpected=len(counts.keys() - expected.deliveries),
        latency_ms={channel: _quantiles(sorted(some)) for channel, some in latencies.items() if some},
    )


def _quantiles(ordered: Sequence[float]) -> dict[str, float]:
    return {
        f"p{percent}": round(ordered[min(len(ordered) - 1, percent * len(ordered) // 100)] * 1_000, 1)
        for percent in (50, 95, 99)
    }


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
    for channel, quantiles in outcome.latency_ms.items():
        for name, milliseconds in quantiles.items():
            table.add_row(f"latency {name}, {channel}", f"{milliseconds:,.0f} ms")
    console.print(table)
