"""What is firing, as Alertmanager's API lists it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, TypedDict

import orjson

from alerting.events.v1 import Severity
from alerting.ingest.episodes import Firing
from alerting.ingest.fingerprint import fingerprint
from alerting.ingest.integration import Integration
from alerting.ingest.label_matchers import Test, expression, matchers
from alerting.ingest.routing_tree import NO_RULE
from alerting.ingest.rules import Rules
from alerting.ingest.timestamps import rfc_3339


class Receiver(TypedDict):
    """Who is told: here, a rule."""

    name: str


class Status(TypedDict):
    """An alert that is listed is active: there are no silences and no inhibitions."""

    state: Literal["active"]
    silencedBy: list[str]
    inhibitedBy: list[str]
    mutedBy: list[str]


class OpenAlert(TypedDict):
    """A firing alert."""

    labels: dict[str, str]
    annotations: dict[str, str]
    generatorURL: str
    fingerprint: str
    startsAt: str
    endsAt: str
    updatedAt: str
    receivers: list[Receiver]
    status: Status


class AlertGroup(TypedDict):
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
            and self._labels(alert["labels"])
            and (self._receiver is None or any(self._receiver(each["name"]) for each in alert["receivers"]))
        )


def listed(firing: Iterable[Firing], integration: Integration, rules: Rules, wanted: Filter) -> list[OpenAlert]:
    """Return the alerts that are asked for."""
    return [alert for each in firing if wanted.passes(alert := _alert(each, integration, rules))]


def grouped(alerts: Sequence[OpenAlert]) -> list[AlertGroup]:
    """Return alerts by receiver; one that several rules match is in several groups."""
    groups: dict[str, list[OpenAlert]] = {}
    for alert in alerts:
        for receiver in alert["receivers"]:
            groups.setdefault(receiver["name"], []).append(alert)
    return [{"labels": {}, "receiver": {"name": name}, "alerts": found} for name, found in sorted(groups.items())]


def _alert(firing: Firing, integration: Integration, rules: Rules) -> OpenAlert:
    about = orjson.loads(firing.shown)
    labels: dict[str, str] = about["labels"]
    return {
        "labels": labels,
        "annotations": about["annotations"],
        "generatorURL": about["generatorURL"],
        "fingerprint": fingerprint(labels),
        "startsAt": rfc_3339(firing.starts_at),
        "endsAt": rfc_3339(firing.ends_at),
        "updatedAt": rfc_3339(firing.updated_at),
        "receivers": [{"name": name} for name in _receivers(labels, integration, rules)],
        "status": {"state": "active", "silencedBy": [], "inhibitedBy": [], "mutedBy": []},
    }


def _receivers(labels: Mapping[str, str], integration: Integration, rules: Rules) -> Iterator[str]:
    fields = integration.read(labels)
    found = rules.matching(Severity.Name(fields.severity), fields.source, fields.name or "")
    yield from found or (NO_RULE,)
