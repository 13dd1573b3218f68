"""A run in figures, and as a piece of a document."""

import statistics
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from benches.reliability.ledger import Ledger, Window
from benches.reliability.memory import Growth
from benches.reliability.verdict import Verdict


def figures(
    ledger: Ledger,
    verdict: Verdict,
    recovered: Sequence[tuple[Window, float]],
    growth: Sequence[Growth],
    *,
    seed: int,
    seconds: float,
    tenants: int,
    deliveries: Mapping[str, int],
) -> dict[str, Any]:
    """Return everything that is told of a run."""
    by_fault: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
    for window, took in recovered:
        by_fault[window.fault.kind, window.fault.target].append(took)
    return {
        "seed": seed,
        "seconds": round(seconds),
        "alerts": len(ledger.accepted),
        "requests_made_again": ledger.refused_requests,
        "tenants": tenants,
        "notifications": len(ledger.accepted) * tenants,
        "requests_received": len(ledger.arrivals),
        "answers": dict(Counter(arrival.answer for arrival in ledger.arrivals)),
        "deliveries": dict(deliveries),
        "garbage": {topic: len(messages) for topic, messages in sorted(ledger.garbage.items())},
        "faults": [
            {
                "kind": kind,
                "target": target,
                "times": len(took),
                "recovery_median": round(statistics.median(took), 1),
                "recovery_max": round(max(took), 1),
            }
            for (kind, target), took in sorted(by_fault.items())
        ],
        "memory": [each._asdict() | {"leaks": each.leaks} for each in growth],
        "verdict": {name: len(value) if isinstance(value, list) else value for name, value in asdict(verdict).items()},
        "broken": verdict.broken,
    }


def markdown(run: Mapping[str, Any]) -> str:
    """Return a run as tables."""
    verdict = run["verdict"]
    lines = [
        f"{run['seconds']} s, seed {run['seed']}: {run['alerts']:,} alerts, each for {run['tenants']} tenants.",
        f"{run['requests_made_again']:,} requests to ingest had an error for an answer, or none, and were made again.",
        "",
        "| | |",
        "|---|---|",
        f"| notifications due | {run['notifications']:,} |",
        f"| lost | {verdict['lost']} |",
        f"| made twice | {verdict['notified_twice']} |",
        f"| not delivered to a receiver that works | {verdict['undelivered']} |",
        f"| not finished at the end | {verdict['unfinished']} |",
        f"| requests that receivers got | {run['requests_received']:,} |",
        f"| of them repetitions of what was refused, or whose answer was cut off | {verdict['retried']:,} |",
        f"| of them repetitions of what had been taken | {verdict['repeated']} |",
        f"| of those without a fault that hid the answer | {verdict['unexplained']} |",
        f"| under another idempotency key | {verdict['keys_differ']} |",
        f"| garbage messages sent | {sum(run['garbage'].values())} |",
        f"| of them missing among the dead letters | {verdict['garbage_missing']} |",
        f"| messages left in the topics | {verdict['lag']} |",
        f"| processes whose memory grew | {sum(each['leaks'] for each in run['memory'])} of {len(run['memory'])} |",
        "",
        "| fault | target | times | recovered after, median | at most |",
        "|---|---|---|---|---|",
        *(
            f"| {each['kind']} | {each['target']} | {each['times']} | {each['recovery_median']} s |"
            f" {each['recovery_max']} s |"
            for each in run["faults"]
        ),
        "",
        "| process | lives looked at | MiB early in a life, median | MiB late | grew at most |",
        "|---|---|---|---|---|",
        *_memory_rows(run["memory"]),
    ]
    return "\n".join(lines) + "\n"


def _memory_rows(memory: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return a row for each name: a process that is killed and started again has several lives."""
    lives: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for each in memory:
        lives[each["name"]].append(each)
    return [
        f"| {name} | {len(each)} | {statistics.median(life['early'] for life in each):.0f} |"
        f" {statistics.median(life['late'] for life in each):.0f} |"
        f" {max(life['late'] - life['early'] for life in each):.0f} |"
        for name, each in sorted(lives.items())
    ]
