"""What is firing, as Alertmanager's API lists it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

import orjson

from alerting.events.v1 import Severity
from alerting.ingest.episodes import Firing
from alerting.ingest.fingerprint import fingerprint
from alerting.ingest.integration import Integration
from alerting.ingest.label_matchers import Test, expression, matchers
from alerting.ingest.routing_tree import NO_RULE
from alerting.ingest.rules import Rules
from alerting.ingest.timestamps import rfc_3339


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who is told: here, a rule."""

    name: str


@dataclass(frozen=True, slots=True)
class Status:
    """An alert that is listed is active: there are no silences and no inhibitions."""

    state: Literal["active"] = "active"
    silencedBy: list[str] = field(default_factory=list)  # noqa: N815
    inhibitedBy: list[str] = field(default_factory=list)  # noqa: N815
    mutedBy: list[str] = field(default_factory=list)  # noqa: N815


_ACTIVE: Final = Status()


@dataclass(frozen=True, slots=True)
class OpenAlert:
    """A firing alert."""

    labels: dict[str, str]
    annotations: dict[str, str]
    generatorURL: str  # the names are Alertmanager's  # noqa: N815
    fingerprint: str
    startsAt: str  # noqa: N815
    endsAt: str  # noqa: N815
    updatedAt: str  # noqa: N815
    receivers: list[Receiver]
    status: Status


@dataclass(frozen=True, slots=True)
class AlertGroup:
    """The alerts of one receiver."""

    labels: dict[str, str]
    receiver: Receiver
    alerts: list[OpenAlert]


class Filter:
    """Which alerts are asked for."""

    def __init__(self, written: Sequence[str], receiver: str | None, *, active: bool) -> None:
        self._labels: Test = matchers(written, "filter")
        self._receiver = expression(receiver, "receiver") if receiver else None
        self._active = active

    def passes(self, alert: OpenAlert) -> bool:
        """Tell whether an alert is asked for."""
        return (
            self._active
            and self._labels(alert.labels)
            and (self._receiver is None or any(self._receiver(each.name) for each in alert.receivers))
        )


def listed(firing: Iterable[Firing], integration: Integration, rules: Rules, wanted: Filter) -> list[OpenAlert]:
    """Return the alerts that are asked for."""
    return [alert for each in firing if wanted.passes(alert := _alert(each, integration, rules))]


def grouped(alerts: Sequence[OpenAlert]) -> list[AlertGroup]:
    """Return alerts by receiver; one that several rules match is in several groups."""
    groups: dict[str, list[OpenAlert]] = {}
    for alert in alerts:
        for receiver in alert.receivers:
            groups.setdefault(receiver.name, []).append(alert)
    return [AlertGroup({}, Receiver(name), found) for name, found in sorted(groups.items())]


def _alert(firing: Firing, integration: Integration, rules: Rules) -> OpenAlert:
    about = orjson.loads(firing.shown)
    labels: dict[str, str] = about["labels"]
    return OpenAlert(
        labels=labels,
        annotations=about["annotations"],
        generatorURL=about["generatorURL"],
        fingerprint=fingerprint(labels),
        startsAt=rfc_3339(firing.starts_at),
        endsAt=rfc_3339(firing.ends_at),
        updatedAt=rfc_3339(firing.updated_at),
        receivers=[Receiver(name) for name in _receivers(labels, integration, rules)],
        status=_ACTIVE,
    )


def _receivers(labels: Mapping[str, str], integration: Integration, rules: Rules) -> Iterator[str]:
    fields = integration.read(labels)
    found = rules.matching(Severity.Name(fields.severity), fields.source, fields.name or "")
    yield from found or (NO_RULE,)
