"""What is firing, as Alertmanager's API lists it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Final, Literal

import orjson
from pydantic import Field

from alerting.events.v1 import Severity
from alerting.ingest.episodes import Firing
from alerting.ingest.fingerprint import fingerprint
from alerting.ingest.integration import Integration
from alerting.ingest.label_matchers import Test, expression, matchers
from alerting.ingest.routing_tree import NO_RULE
from alerting.ingest.rules import Rules
from alerting.ingest.timestamps import rfc_3339

Nobody = Annotated[list[str], Field(description="Always empty.")]


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who is told: here, a rule."""

    name: Annotated[str, Field(description="The rule's id, or what stands for no rule.")]


@dataclass(frozen=True, slots=True)
class AlertStatus:
    """An alert that is listed is active: there are no silences and no inhibitions."""

    state: Annotated[Literal["active"], Field(description="Always `active`.")] = "active"
    silencedBy: Nobody = field(default_factory=list)  # noqa: N815
    inhibitedBy: Nobody = field(default_factory=list)  # noqa: N815
    mutedBy: Nobody = field(default_factory=list)  # noqa: N815


_ACTIVE: Final = AlertStatus()


@dataclass(frozen=True, slots=True)
class OpenAlert:
    """A firing alert."""

    labels: Annotated[dict[str, str], Field(description="Its labels.")]
    annotations: Annotated[dict[str, str], Field(description="Its annotations.")]
    # The names are Alertmanager's.
    generatorURL: Annotated[str, Field(description="What raised it; empty when that is not known.")]  # noqa: N815
    fingerprint: Annotated[str, Field(description="The hash of its labels that Alertmanager would give it.")]
    startsAt: Annotated[str, Field(description="When it began, RFC 3339 in UTC.")]  # noqa: N815
    endsAt: Annotated[str, Field(description="When it ends unless it is sent again, RFC 3339 in UTC.")]  # noqa: N815
    updatedAt: Annotated[str, Field(description="When it was sent last, RFC 3339 in UTC.")]  # noqa: N815
    receivers: Annotated[list[Receiver], Field(description="The rules that match it.")]
    status: Annotated[AlertStatus, Field(description="That it is active.")]


@dataclass(frozen=True, slots=True)
class AlertGroup:
    """The alerts of one receiver."""

    labels: Annotated[dict[str, str], Field(description="Empty: nothing is grouped by labels.")]
    receiver: Annotated[Receiver, Field(description="Who is told of them.")]
    alerts: Annotated[list[OpenAlert], Field(description="The alerts.")]


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
