from collections.abc import Callable
from typing import Any

import orjson
import pytest

from alerting.events.v1 import Severity
from alerting.ingest.faults import Unreadable
from alerting.ingest.fingerprint import fingerprint
from alerting.ingest.formats.webhook import parse_alertmanager, parse_grafana
from alerting.ingest.integration import Integration, IntegrationSettings
from fix_ingest import NOW

HOOK = Integration("hook", IntegrationSettings())
SECOND = 1_000_000
MICROS = NOW * SECOND
DAY = 86_400 * SECOND


def test_what_alertmanager_sends(sample: Callable[[str], bytes]) -> None:
    firing, resolved = parse_alertmanager(sample("alertmanager_webhook.json"), HOOK, MICROS).signals
    assert (firing.severity, firing.source, firing.name) == (Severity.CRITICAL, "storage", "DiskFull")
    assert (firing.firing, firing.starts_at) == (True, MICROS - 300 * SECOND + 123_456)
    assert firing.ends_at == MICROS + DAY
    assert firing.fingerprint == fingerprint({"alertname": "DiskFull", "service": "storage", "severity": "critical"})
    assert firing.context == {
        "replica": "a",
        "annotation.description": "/var is full",
        "generatorURL": "http://prometheus:9090/graph",
    }
    assert (resolved.firing, resolved.ends_at) == (False, MICROS - 240 * SECOND + 123_456)


def test_what_grafana_sends(sample: Callable[[str], bytes]) -> None:
    (signal,) = parse_grafana(sample("grafana.json"), HOOK, MICROS).signals
    assert (signal.severity, signal.source, signal.name) == (Severity.MEDIUM, "hook", "High memory usage")
    assert signal.starts_at == MICROS - 300 * SECOND + 123_000
    assert signal.context == {
        "team": "blue",
        "zone": "us-1",
        "annotation.description": "The system has high memory usage",
        "annotation.summary": "This alert was triggered for zone us-1",
        "generatorURL": "https://play.grafana.org/alerting/1afz29v7z/edit",
        "value.B": "44.23943737541908",
        "value.C": "1",
        "silenceURL": "https://play.grafana.org/alerting/silence/new?matchers=zone%3Dus-1",
    }


def test_a_resolved_one_without_an_end_ends_now() -> None:
    for end in (None, "2025-06-15T16:00:00Z"):
        body = {"version": "4", "alerts": [{"status": "resolved", "labels": {"alertname": "a"}, "endsAt": end}]}
        assert parse_alertmanager(orjson.dumps(body), HOOK, MICROS).signals[0].ends_at == MICROS


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"status": "unknown"}, "status"),
        ({"status": []}, "status"),
        ({"labels": {}}, "labels"),
        ({"startsAt": "x"}, "startsAt"),
        ({"values": []}, "values"),
        ({"values": {"a": "\0"}}, "value.a"),
        ({"values": {"\0": 1}}, "value.\0"),
        ({"panelURL": 4}, "panelURL"),
    ],
)
def test_what_is_wrong(change: dict[str, Any], field: str) -> None:
    alert: dict[str, Any] = {"status": "firing", "labels": {"alertname": "a"}}
    parsed = parse_grafana(orjson.dumps({"alerts": [alert, alert | change]}), HOOK, MICROS)
    assert [(reject.item, reject.field) for reject in parsed.rejects] == [(1, field)]


def test_nesting_beyond_what_can_be_written() -> None:
    deep = b"[" * 500 + b"]" * 500
    body = b'{"alerts": [{"status": "firing", "labels": {"alertname": "a"}, "values": {"v": ' + deep + b"}}]}"
    assert parse_grafana(body, HOOK, MICROS).rejects[0].field == "value.v"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"[]", "body"),
        (b"{}", "version"),
        (b'{"version": "3", "alerts": []}', "version"),
        (b'{"version": 4, "alerts": []}', "version"),
        (b'{"version": "4"}', "alerts"),
        (b'{"version": "4", "alerts": {}}', "alerts"),
    ],
)
def test_what_is_no_webhook(body: bytes, field: str) -> None:
    with pytest.raises(Unreadable) as error:
        parse_alertmanager(body, HOOK, MICROS)
    assert error.value.field == field
