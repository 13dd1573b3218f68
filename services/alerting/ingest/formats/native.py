"""Our own format: an object, an array of them, or one on each line."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from alerting.events.v1 import Severity
from alerting.ingest.alert import MOST_ALERTS, SEVERITIES, Alert, kind, text
from alerting.ingest.context import checked
from alerting.ingest.documents import bounded, decode
from alerting.ingest.faults import Reject, Rejected, Unreadable, shown
from alerting.ingest.timestamps import seconds
from alerting.runtime.ids import new_id

_FIELDS: Final = frozenset({"alert_id", "severity", "source", "name", "context", "event_ts"})


class Parsed(NamedTuple):
    """The alerts of a request in its order, those without an id of their own having an empty one; and what is wrong."""

    alerts: list[Alert]
    rejects: list[Reject]


def parse(body: bytes, *, lines: bool, now: int) -> Parsed:
    """Read a request; `now`, in Unix seconds, is the time of alerts that name none."""
    alerts: list[Alert] = []
    rejects: list[Reject] = []
    single, items = (False, _lines(body)) if lines else _items(body)
    for place, item in items:
        try:
            alerts.append(_alert(item, now))
        except Rejected as error:
            rejects.append(Reject.of(None if single else place, error))
    return Parsed(alerts, rejects)


def _items(body: bytes) -> tuple[bool, Iterator[tuple[int, object]]]:
    document = decode(body)
    if isinstance(document, dict):
        return True, iter([(0, document)])
    if not isinstance(document, list):
        raise Unreadable(f"must be an alert or an array of alerts, and is {kind(document)}")
    return False, enumerate(bounded(document, "body"))


def _lines(body: bytes) -> Iterator[tuple[int, object]]:
    lines = [line for line in body.split(b"\n") if line.strip()]
    if len(lines) > MOST_ALERTS:
        raise Unreadable(f"at most {MOST_ALERTS} alerts, and has {len(lines)}", status=413)
    return ((place, decode(line, item=place)) for place, line in enumerate(lines))


def _alert(item: object, now: int) -> Alert:
    if not isinstance(item, dict):
        raise Rejected("body", f"must be an object, and is {kind(item)}")
    if not item.keys() <= _FIELDS:
        raise Rejected(shown(min(item.keys() - _FIELDS)), "is not a field of an alert")
    event_ts = seconds(item.get("event_ts"), "event_ts")
    return Alert(
        "" if item.get("alert_id") is None else text(item["alert_id"], "alert_id"),
        now if event_ts is None else event_ts,
        _severity(item.get("severity")),
        text(item.get("source"), "source"),
        text(item.get("name"), "name"),
        checked(item.get("context"), "context"),
    )


def _severity(value: object) -> Severity:
    if value is None:
        raise Rejected("severity", "is required")
    found = SEVERITIES.get(value.upper()) if isinstance(value, str) else None
    if found is None:
        raise Rejected("severity", f"must be one of {', '.join(SEVERITIES)}")
    return found


def named(alert: Alert, alert_id: str | None = None) -> Alert:
    """Give an alert that has no id one: this, or a new one."""
    return alert if alert.alert_id else alert._replace(alert_id=alert_id or new_id())
