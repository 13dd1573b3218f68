"""Alertmanager's API v2: what Prometheus, vmalert, rulers, Grafana and amtool send."""

from alerting.ingest.documents import decode_list
from alerting.ingest.faults import Reject, Rejected
from alerting.ingest.formats.labelled import Parsed, Times, as_object, read
from alerting.ingest.integration import Integration
from alerting.ingest.signal import RESOLVE_TIMEOUT, Signal


def parse(body: bytes, integration: Integration, now: int) -> Parsed:
    """Read a batch; `now` in Unix microseconds. An alert fires while its end lies ahead."""
    parsed = Parsed([], [])
    for place, item in enumerate(decode_list(body)):
        try:
            parsed.signals.append(_signal(item, integration, now))
        except Rejected as error:
            parsed.rejects.append(Reject.of(place, error))
    return parsed


def _signal(item: object, integration: Integration, now: int) -> Signal:
    alert = as_object(item)
    starts, ends = Times.of(alert)
    if ends is not None and ends <= now:
        return read(alert, integration, firing=False, starts_at=ends if starts is None else starts, ends_at=ends)
    return read(
        alert,
        integration,
        firing=True,
        starts_at=now if starts is None else starts,
        ends_at=now + RESOLVE_TIMEOUT if ends is None else ends,
    )
