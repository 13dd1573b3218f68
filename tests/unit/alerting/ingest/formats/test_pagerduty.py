from collections.abc import Callable
from typing import Any

import orjson
import pytest

from alerting.events.v1 import Severity
from alerting.ingest.faults import Rejected
from alerting.ingest.formats.pagerduty import parse, routing_key
from alerting.ingest.integration import Integration, IntegrationSettings
from alerting.ingest.signal import Signal
from fix_ingest import NOW

PD = Integration("pd", IntegrationSettings())
MICROS = NOW * 1_000_000
EVENT: dict[str, Any] = {
    "event_action": "trigger",
    "dedup_key": "k",
    "payload": {"summary": "Disk is full", "source": "db1", "severity": "error"},
}


def read(event: dict[str, Any]) -> tuple[str, str, Signal | None]:
    (action, key), signal = parse(orjson.dumps(event), PD, MICROS, "made")
    return action, key, signal


def triggered(**payload: object) -> Signal:
    _, _, signal = read(EVENT | {"payload": EVENT["payload"] | payload})
    assert signal is not None
    return signal


def test_what_a_sender_sends(sample: Callable[[str], bytes]) -> None:
    event, signal = parse(sample("pagerduty.json"), PD, MICROS, "made")
    assert event == ("trigger", "samplekeyhere")
    assert signal is not None
    assert (signal.severity, signal.source, signal.name) == (Severity.CRITICAL, "prod-datapipe03.example.com", "disk")
    assert (signal.starts_at, signal.event_ts) == (MICROS, NOW - 40)
    assert signal.context == {
        "summary": "DISK at 99% on machine prod-datapipe03.example.com",
        "component": "mysql",
        "group": "prod-datapipe",
        "client": "Sample Monitoring Service",
        "client_url": "https://monitoring.example.com",
        "links": '[{"href":"https://example.com/","text":"Link text"}]',
        "custom_details.free space": "1%",
        "custom_details.ping time": "1500",
        "custom_details.load avg": "0.75",
        "custom_details.tags": '["a","b"]',
        "dedup_key": "samplekeyhere",
    }


@pytest.mark.parametrize(("word", "severity"), [("critical", 4), ("error", 3), ("warning", 2), ("info", 1)])
def test_severities(word: str, severity: int) -> None:
    assert triggered(severity=word).severity == severity


def test_without_a_class_the_summary_is_the_name() -> None:
    signal = triggered()
    assert (signal.name, signal.context) == ("Disk is full", {"dedup_key": "k"})
    long = triggered(summary="x" * 1_024)
    assert (len(long.name), len(long.context["summary"])) == (255, 1_024)


def test_a_key_is_made_when_there_is_none() -> None:
    for absent in ({}, {"dedup_key": ""}, {"dedup_key": None}):
        event = {name: value for name, value in EVENT.items() if name != "dedup_key"} | absent
        assert read(event)[:2] == ("trigger", "made")


def test_one_key_is_one_alert() -> None:
    first, other = triggered(), triggered(summary="Another text", source="db2")
    assert first.fingerprint == other.fingerprint
    _, _, ended = read({"event_action": "resolve", "dedup_key": "k"})
    assert ended is not None
    assert (ended.fingerprint, ended.firing, ended.ends_at) == (first.fingerprint, False, MICROS)


def test_an_acknowledgement_changes_nothing() -> None:
    assert read({"event_action": "acknowledge", "dedup_key": "k"}) == ("acknowledge", "k", None)


def test_details_may_be_text() -> None:
    assert triggered(custom_details="some text").context["custom_details"] == "some text"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"event_action": None}, "event_action"),
        ({"event_action": "page"}, "event_action"),
        ({"event_action": []}, "event_action"),
        ({"event_action": "resolve", "dedup_key": None}, "dedup_key"),
        ({"event_action": "acknowledge", "dedup_key": ""}, "dedup_key"),
        ({"dedup_key": "x" * 256}, "dedup_key"),
        ({"dedup_key": 5}, "dedup_key"),
        ({"payload": None}, "payload"),
        ({"payload": []}, "payload"),
        ({"payload": {}}, "payload.severity"),
    ],
)
def test_a_wrong_event(change: dict[str, Any], field: str) -> None:
    with pytest.raises(Rejected) as error:
        read(EVENT | change)
    assert error.value.field == field


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"severity": "CRITICAL"}, "payload.severity"),
        ({"severity": ["critical"]}, "payload.severity"),
        ({"source": ""}, "payload.source"),
        ({"source": "x" * 256}, "payload.source"),
        ({"summary": ""}, "payload.summary"),
        ({"summary": 5}, "payload.summary"),
        ({"summary": "x" * 1_025}, "payload.summary"),
        ({"summary": "a\0"}, "payload.summary"),
        ({"class": 5}, "payload.class"),
        ({"class": "c", "summary": "x" * 300 + "\0"}, "summary"),
        ({"timestamp": "now"}, "payload.timestamp"),
        ({"custom_details": {"a": "\0"}}, "custom_details.a"),
        ({"component": "\0"}, "component"),
    ],
)
def test_a_wrong_payload(change: dict[str, Any], field: str) -> None:
    with pytest.raises(Rejected) as error:
        triggered(**change)
    assert error.value.field == field


@pytest.mark.parametrize(
    ("body", "key"),
    [(b'{"routing_key": "k"}', "k"), (b'{"routing_key": 5}', None), (b"[]", None), (b"{", None), (b"{}", None)],
)
def test_the_key_of_a_body(body: bytes, key: str | None) -> None:
    assert routing_key(body) == key
