"""Draws alerts: the same seed and mix give the same alerts in the same order, whatever the pace."""

import random
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Final

from alerting.alert_producer.catalog import CatalogAlert
from alerting.alert_producer.mix import Mix
from alerting.events.v1 import SCHEMA_VERSION, AlertNew
from alerting.runtime.clock import Clock

# Draws are made for so many alerts at once, which is several times as fast as for each.
_BLOCK: Final = 1_000
_RESENT_AMONG: Final = 1_000
_VALUES: Final = 50
_LABELS: Final = ("instance", "region", "cluster", "namespace", "pod", "node", "team", "version")

Encoded = tuple[bytes, bytes]
"""An alert's key and value on the topic."""


class UnknownSource(ValueError):
    """A mix asks for a source that the catalog does not have."""


class AlertGenerator:
    """An endless iterator of encoded alerts. Only `event_ts` comes from the clock, everything else from the seed."""

    def __init__(self, mix: Mix, catalog: Sequence[CatalogAlert], *, seed: int, id_prefix: str, clock: Clock) -> None:
        self._mix = mix
        self._id_prefix = id_prefix
        self._clock = clock
        self._chance = random.Random(seed)  # reproducible is the point  # noqa: S311
        self._alerts = self._chance.sample(catalog, len(catalog))
        self._weights = list(accumulate(_weights(self._alerts, mix)))
        self._severities = list(mix.severities)
        self._severity_weights = list(mix.severities.values())
        self._labels = [_label(number) for number in range(mix.context_keys)]
        self._recent: deque[Encoded] = deque(maxlen=_RESENT_AMONG)
        self._made = 0
        self.duplicates = 0
        """How many of those given out were sent before."""
        self._alerts_to_send = self._draw()

    def __iter__(self) -> Iterator[Encoded]:
        return self

    def __next__(self) -> Encoded:
        return next(self._alerts_to_send)

    def _draw(self) -> Iterator[Encoded]:
        while True:
            yield from self._block()

    def _block(self) -> Iterator[Encoded]:
        mix, chance = self._mix, self._chance
        alerts = chance.choices(self._alerts, cum_weights=self._weights, k=_BLOCK)
        severities = (
            chance.choices(self._severities, self._severity_weights, k=_BLOCK)
            if self._severities
            else [alert.severity for alert in alerts]
        )
        unmatched = self._flags(mix.unmatched)
        repeated = self._flags(mix.duplicates)
        values = chance.choices(range(_VALUES), k=_BLOCK * mix.context_keys)
        for number, alert in enumerate(alerts):
            if repeated[number] and self._recent:
                self.duplicates += 1
                yield self._recent[chance.randrange(len(self._recent))]
                continue
            source, name = self._unmatched() if unmatched[number] else (alert.source, alert.name)
            first = number * mix.context_keys
            made = self._encode(severities[number], source, name, values[first : first + mix.context_keys])
            self._recent.append(made)
            yield made

    def _flags(self, share: float) -> Sequence[bool]:
        if not share:
            return [False] * _BLOCK
        return [self._chance.random() < share for _ in range(_BLOCK)]

    def _unmatched(self) -> tuple[str, str]:
        word = f"{self._chance.getrandbits(64):016x}"
        return f"unmatched-{word[:8]}", f"Unmatched{word}"

    def _encode(self, severity: str, source: str, name: str, values: Sequence[int]) -> Encoded:
        self._made += 1
        alert_id = f"{self._id_prefix}-{self._made:09}"
        size = self._mix.context_value_bytes
        alert = AlertNew(
            alert_id=alert_id,
            schema_version=SCHEMA_VERSION,
            event_ts=int(self._clock.now()),
            severity=severity,
            source=source,
            name=name,
            context={
                label: f"{value:02}-{label}".ljust(size, "x")[:size]
                for label, value in zip(self._labels, values, strict=True)
            },
        )
        # Deterministic: a map's entries come in the order of their keys.
        return alert_id.encode(), alert.SerializeToString(deterministic=True)


def _weights(alerts: Sequence[CatalogAlert], mix: Mix) -> Iterator[float]:
    """Yield how often each alert comes: by Zipf's law within its source, and by the source's weight."""
    known = {alert.source for alert in alerts}
    for source in mix.sources:
        if source not in known:
            raise UnknownSource(f"the catalog has no source {source!r}")
    ranked = [1 / (rank**mix.skew) for rank in range(1, len(alerts) + 1)]
    if not mix.sources:
        yield from ranked
        return
    # A source has its weight whatever the number of its alerts.
    totals: dict[str, float] = {}
    for alert, weight in zip(alerts, ranked, strict=True):
        totals[alert.source] = totals.get(alert.source, 0.0) + weight
    for alert, weight in zip(alerts, ranked, strict=True):
        yield mix.sources.get(alert.source, 0.0) * weight / totals[alert.source]


def _label(number: int) -> str:
    return _LABELS[number] if number < len(_LABELS) else f"label_{number}"
