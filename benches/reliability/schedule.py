"""Which faults, when: made of a seed, so that a run can be made again."""

import random
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from benches.reliability.ledger import Fault

SERVICES: Final = (
    "sender",
    "aggregator",
    "evaluator",
    "ingest",
    "rule-updater",
    "rule-service",
    "metrics",
    "alert-producer",
)
SERVERS: Final = ("kafka", "postgres", "valkey")

_OVERLAP: Final = 0.15
"""How often the next fault begins before the one before has been recovered from."""


class Planned(NamedTuple):
    """A fault, and the seconds of calm before it."""

    pause: float
    fault: Fault


def kinds(*, disk: bool) -> Sequence[Fault]:
    """Return one fault of each kind and target, with the longest that it lasts."""
    return [
        *(Fault("kill", name) for name in (*SERVICES, *SERVERS)),
        *(Fault("freeze", name, 4.0) for name in (*SERVICES, *SERVERS)),
        Fault("freeze past its lease", "sender", 20.0),
        Fault("freeze past its lease", "kafka", 5.0),
        *(Fault("reset connections", name) for name in SERVERS),
        *(Fault("cut off", name, 5.0) for name in SERVERS),
        *([Fault("disk full", "postgres", 4.0)] if disk else []),
        Fault("answers 500", "receiver", 10.0),
        *(Fault("garbage", topic) for topic in ("alerts.new", "alerts.matched", "notifications.ready", "rule.changed")),
    ]


def short(seed: int, *, disk: bool) -> list[Planned]:
    """Return a few faults, those that are most likely to lose something, in an order made of the seed."""
    chosen = [
        Fault("kill", "sender"),
        Fault("kill", "kafka"),
        Fault("kill", "postgres"),
        Fault("kill", "aggregator"),
        Fault("freeze", "sender", 2.0),
        Fault("reset connections", "postgres"),
        Fault("cut off", "kafka", 2.0),
        *(Fault("garbage", topic) for topic in ("alerts.new", "alerts.matched", "notifications.ready", "rule.changed")),
        *([Fault("disk full", "postgres", 1.5)] if disk else []),
    ]
    random.Random(seed).shuffle(chosen)
    return [Planned(1.5, fault) for fault in chosen]


def endless(seed: int, *, disk: bool) -> Iterator[Planned]:
    """Yield faults, each kind once before any comes again."""
    chance = random.Random(seed)
    while True:
        every = list(kinds(disk=disk))
        chance.shuffle(every)
        for fault in every:
            pause = 0.5 if chance.random() < _OVERLAP else chance.uniform(6.0, 11.0)
            longest = fault.seconds
            seconds = longest if fault.kind == "freeze past its lease" else longest * chance.uniform(0.4, 1.0)
            yield Planned(pause, fault._replace(seconds=round(seconds, 1)))
