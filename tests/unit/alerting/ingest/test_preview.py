"""Whatever somebody pastes is read as ingest would read it."""

from collections.abc import Callable

import orjson
import pytest

from alerting.ingest.integration import Integration, IntegrationSettings
from alerting.ingest.preview import Previewed, preview
from fix_ingest import NOW

MICROS = NOW * 1_000_000
PROM = Integration("prom", IntegrationSettings())
LABELS = {"alertname": "Disk", "job": "node", "severity": "critical", "host": "db1"}
ALERT = {"severity": "high", "source": "api", "name": "timeout", "context": {"a": "b"}}


def pasted(what: object, integration: Integration = PROM) -> Previewed:
    return preview("prometheus", what, integration, MICROS)


@pytest.mark.parametrize(
    "what",
    [
        LABELS,
        {"labels": LABELS},
        [{"labels": LABELS}],
        {"version": "4", "alerts": [{"status": "firing", "labels": LABELS}]},
        {"version": "1", "orgId": 1, "alerts": [{"status": "firing", "labels": LABELS}]},
        {"alerts": [{"status": "firing", "labels": LABELS}]},
        orjson.dumps([{"labels": LABELS}]).decode(),
        orjson.dumps({"labels": LABELS}, option=orjson.OPT_INDENT_2).decode() + "\n",
    ],
)
def test_labels_in_any_wrapping(what: object) -> None:
    (alert,), rejects = pasted(what)
    assert alert == ("CRITICAL", "node", "Disk", {"host": "db1"}, True)
    assert rejects == []


@pytest.mark.parametrize("name", ["prometheus.json", "vmalert.json", "alertmanager_webhook.json", "grafana.json"])
def test_what_real_senders_send(sample: Callable[[str], bytes], name: str) -> None:
    found = pasted(sample(name).decode())
    assert found.alerts
    assert found.rejects == []
    assert pasted(orjson.loads(sample(name))) == found


def test_the_integration_reads_the_labels() -> None:
    mine = Integration("mine", IntegrationSettings(name_label="check", source_labels=("team",)))
    (alert,), _ = pasted({"check": "Disk", "team": "db"}, mine)
    assert (alert.severity, alert.source, alert.name) == ("MEDIUM", "db", "Disk")


def test_a_resolved_alert_says_so() -> None:
    (alert,), _ = pasted({"labels": LABELS, "endsAt": "2020-01-01T00:00:00Z"})
    assert not alert.firing


@pytest.mark.parametrize(
    ("what", "item", "field", "message"),
    [
        ({"labels": {"job": "x"}}, None, "labels.alertname", "is required"),
        ([{"labels": LABELS}, {"labels": {}}], 1, "labels", "must have at least one that is not empty"),
        ({"alertname": 7}, None, "labels.alertname", "must be a string, and is a number"),
        ({"job": "node"}, None, "labels", "is required"),
        ({"alerts": 7}, None, "alerts", "must be an array, and is a number"),
        ({}, None, "body", "has no alert in it"),
        (7, None, "body", "must be an array, and is a number"),
        (None, None, "body", "must be an array, and is null"),
        ("", None, "body", "not JSON: "),
        ("ALERTS{alertname=", None, "body", "not JSON: "),
    ],
)
def test_what_is_wrong_is_named(what: object, item: int | None, field: str, message: str) -> None:
    (reject,) = pasted(what).rejects
    assert (reject.item, reject.field) == (item, field)
    assert reject.message.startswith(message)


@pytest.mark.parametrize(
    "what",
    [
        ALERT,
        [ALERT],
        orjson.dumps(ALERT).decode(),
        orjson.dumps(ALERT, option=orjson.OPT_INDENT_2).decode(),
        f"{orjson.dumps(ALERT).decode()}\n",
    ],
)
def test_our_own_format(what: object) -> None:
    assert preview("native", what, PROM, MICROS) == ([("HIGH", "api", "timeout", {"a": "b"}, True)], [])


def test_lines_of_our_own_format() -> None:
    line = orjson.dumps(ALERT).decode()
    found = preview("native", f'{line}\n\n{{"severity": "LOW"}}\n{line}\n', PROM, MICROS)
    assert len(found.alerts) == 2
    assert [(reject.item, reject.field) for reject in found.rejects] == [(1, "source")]


def test_our_own_format_is_as_strict_as_it_is() -> None:
    assert preview("native", ALERT | {"labels": {}}, PROM, MICROS).rejects == [
        (None, "labels", "is not a field of an alert")
    ]


def test_what_is_nested_too_deep() -> None:
    deep: object = {}
    for _ in range(300):
        deep = {"labels": deep}
    assert pasted(deep).rejects == [(None, "body", "is nested too deep")]
