from collections.abc import Callable

import orjson
import pytest

from alerting.events.v1 import Severity
from alerting.ingest.faults import Unreadable
from alerting.ingest.fingerprint import fingerprint
from alerting.ingest.formats.alertmanager import parse
from alerting.ingest.integration import Integration, IntegrationSettings
from alerting.ingest.signal import Signal
from fix_ingest import NOW

PROM = Integration("prom", IntegrationSettings())
SECOND = 1_000_000
MICROS = NOW * SECOND


def one(alert: dict[str, object]) -> Signal:
    parsed = parse(orjson.dumps([alert]), PROM, MICROS)
    assert parsed.rejects == []
    return parsed.signals[0]


def test_what_prometheus_sends(sample: Callable[[str], bytes]) -> None:
    pod, watchdog, node = parse(sample("prometheus.json"), PROM, MICROS).signals
    assert (pod.severity, pod.source, pod.name) == (Severity.MEDIUM, "kube-state-metrics", "KubePodCrashLooping")
    assert pod.firing
    assert pod.starts_at == MICROS - 300 * SECOND + 123_000
    assert pod.event_ts == NOW - 300
    assert pod.ends_at == MICROS + 240 * SECOND + 123_000
    assert pod.context == {
        "container": "api",
        "namespace": "payments",
        "pod": "api-7d9f-x2x4z",
        "prometheus_replica": "prometheus-k8s-0",
        "annotation.summary": "Pod is crash looping.",
        "annotation.runbook_url": "https://runbooks.example/KubePodCrashLooping",
        "generatorURL": "http://prometheus-k8s-0:9090/graph?g0.expr=up+%3D%3D+0&g0.tab=1",
    }
    assert (watchdog.severity, watchdog.source, watchdog.name) == (Severity.LOW, "prom", "Watchdog")
    assert (node.severity, node.firing, node.ends_at) == (Severity.MEDIUM, False, MICROS)


def test_what_vmalert_sends(sample: Callable[[str], bytes]) -> None:
    (signal,) = parse(sample("vmalert.json"), PROM, MICROS).signals
    assert (signal.source, signal.firing, signal.starts_at) == ("consumer", True, MICROS - 100 * SECOND + 123_456)


def test_replicas_have_one_fingerprint() -> None:
    labels = {"alertname": "Disk", "job": "node"}
    found = {one({"labels": labels | more}).fingerprint for more in ({}, {"replica": "a"}, {"prometheus_replica": "b"})}
    assert found == {fingerprint(labels)}


def test_what_is_shown_of_a_long_one_is_bounded() -> None:
    long = "é" * 50_000
    alert: dict[str, object] = {
        "labels": {"alertname": "Disk", "long": long},
        "annotations": {"why": long},
        "generatorURL": long,
    }
    signal = one(alert)
    shown = orjson.loads(signal.shown)
    assert len(signal.shown) < 3 * 16_384
    assert shown["labels"]["alertname"] == "Disk"
    assert long.startswith(shown["annotations"]["why"])
    assert shown["generatorURL"] == "", "half a link leads nowhere"
    assert signal.fingerprint == fingerprint({"alertname": "Disk", "long": long}), "it is the same alert all the same"


def test_however_many_labels_are_shown_while_they_are_short() -> None:
    labels = {"alertname": "Disk"} | {f"label_{number}": "x" for number in range(100)}
    assert orjson.loads(one({"labels": labels}).shown)["labels"] == labels


def test_empty_labels_are_absent() -> None:
    signal = one({"labels": {"alertname": "Disk", "source": "", "job": "node", "severity": "", "zone": ""}})
    assert (signal.source, signal.context) == ("node", {})
    assert signal.fingerprint == fingerprint({"alertname": "Disk", "job": "node"})


@pytest.mark.parametrize("absent", [None, "", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"])
def test_times_that_are_absent(absent: str | None) -> None:
    signal = one({"labels": {"alertname": "Disk"}, "startsAt": absent, "endsAt": absent})
    assert (signal.firing, signal.starts_at, signal.ends_at) == (True, MICROS, MICROS + 300 * SECOND)


def test_the_end_decides_whether_it_fires() -> None:
    for end, firing in (("2025-06-15T15:06:40Z", False), ("2025-06-15T15:06:40.000001Z", True)):
        assert one({"labels": {"alertname": "Disk"}, "endsAt": end}).firing is firing
    resolved = one({"labels": {"alertname": "Disk"}, "endsAt": "2025-06-15T15:06:00Z"})
    assert resolved.starts_at == resolved.ends_at


def test_a_long_description_is_cut() -> None:
    signal = one({"labels": {"alertname": "Disk"}, "annotations": {"summary": "s", "description": "d" * 20_000}})
    assert signal.context["annotation.summary"] == "s"
    assert signal.context["truncated"] == "annotation.description"


@pytest.mark.parametrize(
    ("alert", "field"),
    [
        ("text", "body"),
        (None, "body"),
        ({}, "labels"),
        ({"labels": {}}, "labels"),
        ({"labels": {"a": ""}}, "labels"),
        ({"labels": []}, "labels"),
        ({"labels": {"a": 1}}, "labels.a"),
        ({"labels": {"a": "\0"}}, "labels.a"),
        ({"labels": {"job": "node"}}, "labels.alertname"),
        ({"labels": {"alertname": "x" * 256}}, "labels.alertname"),
        ({"labels": {"alertname": "a", "job": "x" * 256}}, "labels.job"),
        ({"labels": {f"l{number}": "v" for number in range(1_001)}}, "labels"),
        ({"labels": {"alertname": "a"}, "annotations": "text"}, "annotations"),
        ({"labels": {"alertname": "a"}, "annotations": {"k": None}}, "annotations.k"),
        ({"labels": {"alertname": "a"}, "annotations": {"k": "\0"}}, "annotations.k"),
        ({"labels": {"alertname": "a"}, "startsAt": "now"}, "startsAt"),
        ({"labels": {"alertname": "a"}, "endsAt": 5}, "endsAt"),
        ({"labels": {"alertname": "a"}, "generatorURL": 5}, "generatorURL"),
        ({"labels": {"alertname": "a"}, "generatorURL": "\0"}, "generatorURL"),
    ],
)
def test_a_wrong_alert_does_not_harm_its_neighbours(alert: object, field: str) -> None:
    good = {"labels": {"alertname": "Disk"}}
    parsed = parse(orjson.dumps([good, alert, good]), PROM, MICROS)
    assert len(parsed.signals) == 2
    assert [(reject.item, reject.field) for reject in parsed.rejects] == [(1, field)]


@pytest.mark.parametrize(
    ("body", "status"), [(b"", 400), (b"{", 400), (b"{}", 422), (b"[" + b"{}," * 10_000 + b"{}]", 413)]
)
def test_what_is_no_batch(body: bytes, status: int) -> None:
    with pytest.raises(Unreadable) as error:
        parse(body, PROM, MICROS)
    assert error.value.status == status
