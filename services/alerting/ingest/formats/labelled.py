"""An alert with labels and annotations, which Prometheus made the common form of many senders."""

from collections.abc import Mapping
from typing import Final, NamedTuple

import orjson

from alerting.ingest.alert import MOST_CONTEXT_BYTES, kind, strings, text
from alerting.ingest.context import fitted, size
from alerting.ingest.faults import Reject, Rejected, shown
from alerting.ingest.fingerprint import fingerprint
from alerting.ingest.integration import Integration
from alerting.ingest.signal import Signal
from alerting.ingest.timestamps import MICROSECONDS, microseconds

_MOST_LABELS: Final = 1_000
_MOST_LINK: Final = 8_192
"""Characters of a link that is shown; Prometheus puts a rule's whole expression into it."""


class Parsed(NamedTuple):
    """The signals of a request, and its alerts that are wrong."""

    signals: list[Signal]
    rejects: list[Reject]


class Times(NamedTuple):
    """From when until when, in Unix microseconds; None for what the sender left open."""

    starts: int | None
    ends: int | None

    @classmethod
    def of(cls, alert: Mapping[str, object]) -> "Times":
        """Read ``startsAt`` and ``endsAt``."""
        return cls(microseconds(alert.get("startsAt"), "startsAt"), microseconds(alert.get("endsAt"), "endsAt"))


def as_object(item: object) -> dict[str, object]:
    """Return an alert that has to be an object."""
    if not isinstance(item, dict):
        raise Rejected("body", f"must be an object, and is {kind(item)}")
    return item


def read(
    alert: Mapping[str, object],
    integration: Integration,
    *,
    firing: bool,
    starts_at: int,
    ends_at: int,
    more: Mapping[str, str] | None = None,
) -> Signal:
    """Make a signal of an alert's labels, annotations and link; `more` goes into the context, too."""
    # An empty label is one that is not there.
    labels = {name: value for name, value in strings(alert.get("labels"), "labels").items() if value}
    if not labels:
        raise Rejected("labels", "must have at least one that is not empty")
    if len(labels) > _MOST_LABELS:
        raise Rejected("labels", f"must be at most {_MOST_LABELS}, and are {len(labels)}")
    annotations = strings(alert.get("annotations"), "annotations")
    link = url(alert.get("generatorURL"), "generatorURL")
    fields = integration.read(labels)
    context = fields.context
    for name, value in annotations.items():
        context[f"annotation.{name}"] = value
    if link:
        context["generatorURL"] = link
    if more:
        context.update(more)
    return Signal(
        fingerprint(labels, integration.settings.drop_labels),
        firing,
        starts_at,
        ends_at,
        starts_at // MICROSECONDS,
        fields.severity,
        text(fields.source, f"labels.{shown(fields.source_label)}"),
        text(fields.name, f"labels.{integration.settings.name_label}"),
        fitted(context),
        _shown(labels, annotations, link),
    )


def _shown(labels: dict[str, str], annotations: dict[str, str], link: str) -> bytes:
    # It stands in Redis for as long as the alert fires, and thousands are read at once for whoever lists them.
    link = link if len(link) <= _MOST_LINK else ""
    return orjson.dumps({"labels": _bounded(labels), "annotations": _bounded(annotations), "generatorURL": link})


def _bounded(texts: dict[str, str]) -> dict[str, str]:
    return texts if size(texts) <= MOST_CONTEXT_BYTES else fitted(texts)


def url(value: object, field: str) -> str:
    """Return a link; one that is absent is empty."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Rejected(field, f"must be a string, and is {kind(value)}")
    if "\0" in value:
        raise Rejected(field, "must not contain NUL")
    return value
