"""Alertmanager's webhook, version 4, and Grafana's, which is like it and says more."""

from collections.abc import Callable, Mapping

from alerting.ingest.alert import kind
from alerting.ingest.documents import bounded, decode_object
from alerting.ingest.faults import Reject, Rejected, Unreadable
from alerting.ingest.formats.flatten import flattened
from alerting.ingest.formats.labelled import Parsed, Times, as_object, read, url
from alerting.ingest.integration import Integration
from alerting.ingest.signal import WEBHOOK_HOLD, Signal

_LINKS = ("silenceURL", "dashboardURL", "panelURL", "imageURL")

More = Callable[[Mapping[str, object]], dict[str, str]]


def parse_alertmanager(body: bytes, integration: Integration, now: int) -> Parsed:
    """Read Alertmanager's webhook; `now` in Unix microseconds."""
    document = decode_object(body)
    version = document.get("version")
    if version != "4":
        raise Unreadable('must be "4": this is not the webhook of an Alertmanager', field="version")
    return _parse(document, integration, now, lambda _alert: {})


def parse_grafana(body: bytes, integration: Integration, now: int) -> Parsed:
    """Read Grafana's webhook; `now` in Unix microseconds."""
    return _parse(decode_object(body), integration, now, _grafana)


def _parse(document: Mapping[str, object], integration: Integration, now: int, more: More) -> Parsed:
    parsed = Parsed([], [])
    for place, item in enumerate(bounded(document.get("alerts"), "alerts")):
        try:
            parsed.signals.append(_signal(item, integration, now, more))
        except Rejected as error:
            parsed.rejects.append(Reject.of(place, error))
    return parsed


def _signal(item: object, integration: Integration, now: int, more: More) -> Signal:
    alert = as_object(item)
    starts, ends = Times.of(alert)
    status = alert.get("status")
    if status not in ("firing", "resolved"):
        raise Rejected("status", "must be firing or resolved")
    firing = status == "firing"
    # The end of a firing one is absent or a guess: the end will be told.
    return read(
        alert,
        integration,
        firing=firing,
        starts_at=now if starts is None else starts,
        ends_at=max(now + WEBHOOK_HOLD, ends or 0) if firing else min(now, now if ends is None else ends),
        more=more(alert),
    )


def _grafana(alert: Mapping[str, object]) -> dict[str, str]:
    values = alert.get("values")
    if values is not None and not isinstance(values, dict):
        raise Rejected("values", f"must be an object, and is {kind(values)}")
    found = flattened(values or {}, "value.")
    for name in _LINKS:
        if link := url(alert.get(name), name):
            found[name] = link
    return found
