"""The demo's story: who wants to know what, what happens, and what therefore has to arrive.

Everything is drawn from one seed. What has to arrive is worked out here by comparing every alert with every rule, in
the plainest way, so that the demo is a test of the platform and not a mirror of it.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from alerting.alert_producer.catalog import CatalogAlert

TENANTS: Final = (
    "acme", "globex", "initech", "umbrella", "hooli", "wonka", "tyrell", "cyberdyne", "oscorp", "soylent",
)  # fmt: skip
RULES_PER_TENANT: Final = 30
RESENT_SHARE: Final = 0.05

_SHAPES: Final = (
    # Which fields a rule names, and how many of a hundred rules do so.
    (("severity", "source", "name"), 35),
    (("source", "name"), 25),
    (("severity", "source"), 20),
    (("source",), 15),
    (("severity", "name"), 5),
)


@dataclass(frozen=True, slots=True)
class StoryEndpoint:
    """Where a tenant is told."""

    type: str
    value: str


@dataclass(frozen=True, slots=True)
class StoryRule:
    """What a tenant wants to be told of."""

    client_id: str
    severity: str
    source: str
    name: str
    endpoints: tuple[StoryEndpoint, ...]

    def matches(self, alert: "StoryAlert") -> bool:
        """Tell whether the alert has the value of each field that is not ``*``."""
        return (
            self.severity in {"*", alert.severity}
            and self.source in {"*", alert.source}
            and self.name in {"*", alert.name}
        )


@dataclass(frozen=True, slots=True)
class StoryAlert:
    """What happens."""

    alert_id: str
    severity: str
    source: str
    name: str


@dataclass(frozen=True, slots=True)
class Expected:
    """What has to arrive."""

    notifications: frozenset[tuple[str, str]]
    """Of each client and alert."""
    deliveries: frozenset[tuple[str, str, str]]
    """Of each type of endpoint, its value, and each alert."""


def rules(seed: str, catalog: Sequence[CatalogAlert], endpoints: dict[str, Sequence[StoryEndpoint]]) -> list[StoryRule]:
    """Draw the tenants' rules; `endpoints` has each client's."""
    chance = random.Random(f"rules {seed}")  # noqa: S311
    drawn: dict[tuple[str, str, str, str], StoryRule] = {}
    for client_id, own in endpoints.items():
        for _ in range(RULES_PER_TENANT):
            alert = chance.choice(catalog)
            named = chance.choices([shape for shape, _ in _SHAPES], [weight for _, weight in _SHAPES])[0]
            severity, source, name = (
                getattr(alert, field) if field in named else "*" for field in ("severity", "source", "name")
            )
            told = tuple(chance.sample(own, chance.choice((1, 1, 2))))
            drawn[client_id, severity, source, name] = StoryRule(client_id, severity, source, name, told)
    return list(drawn.values())


def alerts(seed: str, run: str, catalog: Sequence[CatalogAlert], count: int) -> list[StoryAlert]:
    """Draw what happens: real names, a few of them much more often than the others; `run` makes the ids unique."""
    chance = random.Random(f"alerts {seed}")  # noqa: S311
    shuffled = chance.sample(catalog, len(catalog))
    often = [1 / (place + 10) for place in range(len(shuffled))]
    drawn = chance.choices(shuffled, often, k=count)
    return [
        StoryAlert(f"demo-{run}-{number:06}", alert.severity, alert.source, alert.name)
        for number, alert in enumerate(drawn)
    ]


def resent(seed: str, happened: Sequence[StoryAlert]) -> list[StoryAlert]:
    """Draw the alerts that their senders send twice."""
    chance = random.Random(f"resent {seed}")  # noqa: S311
    return chance.sample(happened, int(len(happened) * RESENT_SHARE))


def expect(wanted: Sequence[StoryRule], happened: Sequence[StoryAlert]) -> Expected:
    """Work out what has to arrive."""
    pairs = [(rule, alert) for alert in happened for rule in wanted if rule.matches(alert)]
    return Expected(
        frozenset((rule.client_id, alert.alert_id) for rule, alert in pairs),
        frozenset(
            (endpoint.type, endpoint.value, alert.alert_id) for rule, alert in pairs for endpoint in rule.endpoints
        ),
    )
