from typing import Any

import orjson
import pytest

from alerting.events.v1 import Severity
from alerting.ingest.alert import Alert
from alerting.ingest.faults import Unreadable
from alerting.ingest.formats.cloudevents import BATCH, STRUCTURED, parse
from alerting.ingest.integration import Integration, IntegrationSettings
from fix_ingest import NOW

CE = Integration("ce", IntegrationSettings())
EVENT: dict[str, Any] = {
    "specversion": "1.0",
    "id": "A234-1234-1234",
    "source": "https://github.com/cloudevents/spec/pull",
    "type": "com.github.pull_request.opened",
    "time": "2025-06-15T15:06:00Z",
    "subject": "123",
    "datacontenttype": "application/json",
    "data": {"severity": "critical", "region": "eu", "count": 3, "nested": {"a": [1]}},
}
BINARY = {
    "ce-specversion": "1.0",
    "ce-id": "A234-1234-1234",
    "ce-source": "https://github.com/cloudevents/spec/pull",
    "ce-type": "com.github.pull_request.opened",
    "ce-time": "2025-06-15T15:06:00Z",
    "ce-subject": "123",
    "content-type": "application/json; charset=utf-8",
}


def read(headers: dict[str, str], body: bytes) -> Alert:
    parsed = parse(headers, body, CE, NOW * 1_000_000)
    assert parsed.rejects == []
    (alert,) = parsed.alerts
    return alert


def structured(**change: object) -> Alert:
    return read({"content-type": f"{STRUCTURED}; charset=UTF-8"}, orjson.dumps(EVENT | change))


def test_the_three_modes_say_the_same() -> None:
    one = structured()
    assert (one.severity, one.source, one.name) == (Severity.CRITICAL, EVENT["source"], EVENT["type"])
    assert one.event_ts == NOW - 40
    assert one.context == {
        "subject": "123",
        "id": "A234-1234-1234",
        "data.severity": "critical",
        "data.region": "eu",
        "data.count": "3",
        "data.nested": '{"a":[1]}',
    }
    assert read(BINARY, orjson.dumps(EVENT["data"])) == one
    assert read({"content-type": BATCH}, orjson.dumps([EVENT])) == one


def test_identity_is_source_and_id() -> None:
    assert structured(type="other", data=None).alert_id == structured().alert_id
    assert structured(source="other").alert_id != structured().alert_id
    assert structured(id="other").alert_id != structured().alert_id
    another = parse({"content-type": STRUCTURED}, orjson.dumps(EVENT), Integration("x", IntegrationSettings()), 0)
    assert another.alerts[0].alert_id != structured().alert_id


def test_the_extension_is_asked_first() -> None:
    assert structured(severity="LOW").severity == Severity.LOW
    assert read(BINARY | {"ce-severity": "info"}, b"{}").severity == Severity.LOW


def test_an_unknown_or_absent_severity() -> None:
    alert = structured(severity="blocker")
    assert (alert.severity, alert.context["severity"]) == (Severity.MEDIUM, "blocker")
    assert structured(data=None).severity == Severity.MEDIUM
    assert structured(data={"severity": 5}).context["severity"] == "5"


def test_data_of_other_kinds() -> None:
    assert read(BINARY | {"content-type": "text/plain"}, "naïve".encode()).context["data"] == "naïve"
    assert "data" not in read(BINARY | {"content-type": "image/png"}, b"\x89PNG").context
    assert "data" not in read(BINARY, b"{no json").context
    assert read(BINARY, b"").context == {"subject": "123", "id": "A234-1234-1234"}
    assert structured(data="text").context["data"] == "text"
    encoded = structured(data=None, data_base64="eyJzZXZlcml0eSI6ICJpbmZvIn0=")
    assert encoded.severity == Severity.LOW


def test_header_values_are_percent_encoded() -> None:
    assert read(BINARY | {"ce-subject": "na%C3%AFve%20%22x%22"}, b"").context["subject"] == 'naïve "x"'


def test_no_time_is_now() -> None:
    assert structured(time=None).event_ts == NOW


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"specversion": "0.3"}, "specversion"),
        ({"specversion": None}, "specversion"),
        ({"id": ""}, "id"),
        ({"id": 5}, "id"),
        ({"source": None}, "source"),
        ({"type": "x" * 256}, "type"),
        ({"time": "now"}, "time"),
        ({"data_base64": 5}, "data_base64"),
        ({"data_base64": "!"}, "data_base64"),
        ({"data_base64": "é"}, "data_base64"),
        ({"data": {"a": "\0"}}, "data.a"),
        ({"extension": "\0"}, "extension"),
    ],
)
def test_a_wrong_event_of_a_batch(change: dict[str, object], field: str) -> None:
    body = orjson.dumps([EVENT, EVENT | change, "text"])
    parsed = parse({"content-type": BATCH}, body, CE, 0)
    assert [(reject.item, reject.field) for reject in parsed.rejects] == [(1, field), (2, "body")]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"content-type": "application/json"}, 422),
        ({}, 422),
        ({"content-type": "application/cloudevents+avro"}, 415),
        ({"content-type": STRUCTURED}, 400),
        ({"content-type": BATCH}, 400),
    ],
)
def test_what_is_no_cloudevent(headers: dict[str, str], status: int) -> None:
    with pytest.raises(Unreadable) as error:
        parse(headers, b"{", CE, 0)
    assert error.value.status == status
