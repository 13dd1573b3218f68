import gzip
from collections import Counter
from typing import Any

import orjson
import pytest

from alerting.events.v1 import Severity
from fix_ingest import NOW, Ingest, running_ingest

PATH = "/api/v1/alerts"
ALERT: dict[str, Any] = {"severity": "HIGH", "source": "api", "name": "timeout"}
NDJSON = {"content-type": "application/x-ndjson"}


async def test_one_alert(ingest: Ingest) -> None:
    response = await ingest.post(
        PATH, ALERT | {"alert_id": "a1", "context": {"region": "eu"}, "event_ts": 1_700_000_000}
    )
    assert (response.status_code, response.json()) == (202, {"alert_ids": ["a1"]})
    alert = ingest.alert()
    assert (alert.alert_id, alert.schema_version, alert.event_ts) == ("a1", 1, 1_700_000_000)
    assert (alert.severity, alert.source, alert.name) == (Severity.HIGH, "api", "timeout")
    assert dict(alert.context) == {"region": "eu"}


async def test_the_id_and_the_time_are_optional(ingest: Ingest) -> None:
    response = await ingest.post(PATH, ALERT | {"alert_id": None, "context": None, "event_ts": None})
    alert = ingest.alert()
    assert response.json()["alert_ids"] == [alert.alert_id]
    assert len(alert.alert_id) == 36
    assert alert.event_ts == NOW
    assert not alert.context


async def test_an_array_keeps_its_order(ingest: Ingest) -> None:
    response = await ingest.post(PATH, [ALERT | {"alert_id": name} for name in "cab"])
    assert response.json()["alert_ids"] == ["c", "a", "b"]
    assert [alert.alert_id for alert in ingest.alerts()] == ["a", "b", "c"]


async def test_lines(ingest: Ingest) -> None:
    body = b"\n".join(
        [orjson.dumps(ALERT | {"alert_id": "a"}), b"  ", orjson.dumps(ALERT | {"alert_id": "b"}) + b"\r", b""]
    )
    for media_type in ("application/x-ndjson", "application/ndjson; charset=utf-8", "application/jsonl"):
        response = await ingest.post(PATH, body, headers={"content-type": media_type})
        assert (response.status_code, response.json()) == (202, {"alert_ids": ["a", "b"]})


async def test_an_empty_array_is_no_error(ingest: Ingest) -> None:
    response = await ingest.post(PATH, [])
    assert (response.status_code, response.json()) == (202, {"alert_ids": []})


async def test_severity_in_any_case(ingest: Ingest) -> None:
    response = await ingest.post(PATH, [ALERT | {"severity": word} for word in ("low", "Medium", "HIGH", "cRiTiCaL")])
    assert response.status_code == 202
    assert {alert.severity for alert in ingest.alerts()} == {1, 2, 3, 4}


async def test_any_other_content_type_is_json(ingest: Ingest) -> None:
    for media_type in ("application/x-www-form-urlencoded", "text/plain", "application/json; charset=utf-8"):
        response = await ingest.post(PATH, orjson.dumps(ALERT), headers={"content-type": media_type})
        assert response.status_code == 202


async def test_a_repeated_key_of_the_request_gives_the_same_ids(ingest: Ingest) -> None:
    body = [ALERT, ALERT | {"alert_id": "own"}, ALERT]
    first, again, other = [
        (await ingest.post(PATH, body, headers={"idempotency-key": key})).json()["alert_ids"]
        for key in ("k1", "k1", "k2")
    ]
    assert first == again
    assert len(set(first)) == 3
    assert first[1] == other[1] == "own"
    assert not {first[0], first[2]} & {other[0], other[2]}


async def test_another_sender_has_other_ids(ingest: Ingest) -> None:
    ids = [
        (await ingest.post(PATH, ALERT, headers={"idempotency-key": "k", "authorization": f"Bearer {key}"})).json()[
            "alert_ids"
        ]
        for key in ("ingest-key", "admin-key")
    ]
    assert ids[0] != ids[1]


@pytest.mark.parametrize("key", ["", "x" * 256])
async def test_a_wrong_idempotency_key(ingest: Ingest, key: str) -> None:
    response = await ingest.post(PATH, ALERT, headers={"idempotency-key": key})
    assert (response.status_code, response.json()["errors"][0]["field"]) == (422, "Idempotency-Key")


async def test_the_last_of_equal_keys_wins(ingest: Ingest) -> None:
    body = b'{"severity": "LOW", "severity": "HIGH", "source": "a", "name": "n", "context": {"k": "1", "k": "2"}}'
    assert (await ingest.post(PATH, body)).status_code == 202
    assert ingest.alert().severity == Severity.HIGH
    assert dict(ingest.alert().context) == {"k": "2"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"severity": "WORST"}, "severity"),
        ({"severity": "UNSPECIFIED"}, "severity"),
        ({"severity": 3}, "severity"),
        ({"severity": None}, "severity"),
        ({"severity": ["HIGH"]}, "severity"),
        ({"source": ""}, "source"),
        ({"source": None}, "source"),
        ({"source": 5}, "source"),
        ({"source": "x" * 256}, "source"),
        ({"source": "a\0b"}, "source"),
        ({"name": "é" * 256}, "name"),
        ({"name": {}}, "name"),
        ({"alert_id": ""}, "alert_id"),
        ({"alert_id": "x" * 256}, "alert_id"),
        ({"alert_id": 7}, "alert_id"),
        ({"context": []}, "context"),
        ({"context": {"k": 1}}, "context.k"),
        ({"context": {"k": "\0"}}, "context.k"),
        ({"context": {"\0": "v"}}, "context.\0"),
        ({"context": {str(number): "" for number in range(65)}}, "context"),
        ({"context": {"k": "x" * 16_384}}, "context"),
        ({"event_ts": -1}, "event_ts"),
        ({"event_ts": "soon"}, "event_ts"),
        ({"event_ts": True}, "event_ts"),
        ({"severty": "HIGH"}, "severty"),
    ],
)
async def test_what_is_wrong_is_named(ingest: Ingest, change: dict[str, object], field: str) -> None:
    response = await ingest.post(PATH, ALERT | change)
    problem = response.json()
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert problem["errors"][0]["field"] == field
    assert "item" not in problem["errors"][0]
    in_array = await ingest.post(PATH, [ALERT, ALERT | change, ALERT])
    assert [(fault["item"], fault["field"]) for fault in in_array.json()["errors"]] == [(1, field)]
    lines = b"\n".join(orjson.dumps(each) for each in (ALERT, ALERT, ALERT | change))
    in_lines = await ingest.post(PATH, lines, headers=NDJSON)
    assert [(fault["item"], fault["field"]) for fault in in_lines.json()["errors"]] == [(2, field)]
    assert ingest.alerts() == []


@pytest.mark.parametrize("missing", ["severity", "source", "name"])
async def test_what_is_missing_is_named(ingest: Ingest, missing: str) -> None:
    response = await ingest.post(PATH, {name: value for name, value in ALERT.items() if name != missing})
    assert response.json()["errors"] == [{"field": missing, "message": "is required"}]


@pytest.mark.parametrize(
    "change",
    [
        {"source": "x" * 255, "name": "é" * 255, "alert_id": "𝄞" * 255},
        {"context": {str(number): "" for number in range(64)}},
        {"context": {"k": "x" * 16_383}},
        {"source": "*", "name": " "},
        {"event_ts": 253_402_300_799},
    ],
)
async def test_the_limits_themselves_are_allowed(ingest: Ingest, change: dict[str, object]) -> None:
    assert (await ingest.post(PATH, ALERT | change)).status_code == 202


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xff", 400),
        (b'{"source": "\\ud800"}', 400),
        (b"[" * 100_000, 400),
        (b'{"event_ts": NaN}', 400),
        (b"null", 422),
        (b'"text"', 422),
        (b"1", 422),
        (b"[[]]", 422),
        (b"[null]", 422),
    ],
)
async def test_what_is_no_alert(ingest: Ingest, body: bytes, status: int) -> None:
    response = await ingest.post(PATH, body)
    assert (response.status_code, response.json()["errors"][0]["field"]) == (status, "body")


async def test_a_line_that_is_not_json(ingest: Ingest) -> None:
    response = await ingest.post(PATH, orjson.dumps(ALERT) + b"\n{", headers=NDJSON)
    fault = response.json()["errors"][0]
    assert (response.status_code, fault["field"], fault["item"]) == (400, "body", 1)


async def test_every_wrong_alert_is_listed_up_to_a_hundred(ingest: Ingest) -> None:
    response = await ingest.post(PATH, [ALERT | {"source": ""}] * 150)
    problem = response.json()
    assert [fault["item"] for fault in problem["errors"]] == list(range(100))
    assert "149 more" in problem["detail"]


async def test_the_number_of_alerts(ingest: Ingest) -> None:
    small = {"severity": "LOW", "source": "s", "name": "n"}
    lines = b"\n".join([orjson.dumps(small)] * 10_001)
    assert (await ingest.post(PATH, [small] * 10_000)).status_code == 202
    assert (await ingest.post(PATH, [small] * 10_001)).status_code == 413
    assert (await ingest.post(PATH, lines, headers=NDJSON)).status_code == 413
    assert len(ingest.alerts()) == 10_000


@pytest.mark.parametrize(("size", "status"), [(1_048_575, 202), (1_048_576, 202), (1_048_577, 413)])
@pytest.mark.parametrize("how", ["announced", "streamed", "gzip"])
async def test_the_size_of_a_body(ingest: Ingest, size: int, status: int, how: str) -> None:
    body = orjson.dumps(ALERT).ljust(size)

    async def stream() -> Any:
        for place in range(0, size, 100_000):
            yield body[place : place + 100_000]

    if how == "streamed":
        response = await ingest.client.post(PATH, content=stream())
    elif how == "gzip":
        response = await ingest.post(PATH, gzip.compress(body), headers={"content-encoding": "gzip"})
    else:
        response = await ingest.post(PATH, body)
    assert response.status_code == status
    assert len(ingest.alerts()) == (status == 202)


async def test_encodings(ingest: Ingest) -> None:
    body = orjson.dumps(ALERT)
    for encoding, content, status in (
        ("gzip", gzip.compress(body), 202),
        ("identity", body, 202),
        ("gzip", body, 400),
        ("gzip", gzip.compress(body)[:-4], 400),
        ("br", body, 415),
    ):
        response = await ingest.post(PATH, content, headers={"content-encoding": encoding})
        assert response.status_code == status


async def test_a_bomb_is_not_unpacked(ingest: Ingest) -> None:
    bomb = gzip.compress(bytes(200_000_000))
    response = await ingest.post(PATH, bomb, headers={"content-encoding": "gzip"})
    assert response.status_code == 413


async def test_the_broker_is_down(ingest: Ingest) -> None:
    ingest.broker.down = True
    response = await ingest.post(PATH, ALERT)
    assert response.status_code == 503
    assert "retry-after" in response.headers
    ingest.broker.down = False
    assert ingest.alerts() == []


async def test_what_is_wrong_with_alerts_is_not_counted_as_what_is_wrong_with_the_platform(ingest: Ingest) -> None:
    assert (await ingest.post(PATH, [ALERT, {}])).status_code == 422
    assert +Counter(ingest.telemetry.totals()) == {"refused": 1}
    ingest.broker.down = True
    assert (await ingest.post(PATH, [ALERT, ALERT])).status_code == 503
    assert +Counter(ingest.telemetry.totals()) == {"refused": 1, "errors": 2}


async def test_too_much_at_once_is_put_off() -> None:
    async with running_ingest(max_pending_bytes=1_048_576, max_body_bytes=2_097_152) as ingest:
        assert (await ingest.post(PATH, orjson.dumps(ALERT).ljust(1_048_577))).status_code == 503
        # What was refused no longer counts.
        for _ in range(3):
            assert (await ingest.post(PATH, orjson.dumps(ALERT).ljust(1_048_576))).status_code == 202


async def test_the_trace_is_passed_on(ingest: Ingest) -> None:
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    await ingest.post(PATH, ALERT, headers={"traceparent": trace})
    await ingest.post(PATH, ALERT, headers={"traceparent": "nonsense"})
    headers = [dict(message.headers() or ()) for message in ingest.broker.messages("alerts.new")]
    assert sorted(each.get("traceparent", b"") or b"" for each in headers) == [b"", trace.encode()]
    assert all(each["content-type"] == b"application/x-protobuf" for each in headers)


@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        (None, 401),
        ("Bearer wrong", 401),
        ("Bearer client-key", 403),
        ("Bearer admin-key", 202),
        ("Bearer down", 503),
        # echo -n 'any:ingest-key' | base64
        ("Basic YW55OmluZ2VzdC1rZXk=", 202),
        ("Basic !", 401),
        ("Basic", 401),
        ("Basic YW55OmNsaWVudC1rZXk=", 403),
        ("Digest x", 401),
    ],
)
async def test_keys(ingest: Ingest, authorization: str | None, status: int) -> None:
    del ingest.client.headers["authorization"]
    headers = {} if authorization is None else {"authorization": authorization}
    assert (await ingest.post(PATH, ALERT, headers=headers)).status_code == status
    # Who may not send learns nothing about the body either.
    expected = status if status != 202 else 400
    assert (await ingest.post(PATH, b"{", headers=headers)).status_code == expected


async def test_rejects_can_be_read(ingest: Ingest) -> None:
    assert (await ingest.client.get("/api/v1/rejects")).json() == {"items": []}
    await ingest.post(PATH, [ALERT, ALERT | {"source": ""}])
    await ingest.post(PATH, b"{")
    items = (await ingest.client.get("/api/v1/rejects")).json()["items"]
    assert [(item["field"], item["item"], item["format"]) for item in items] == [
        ("body", None, "native"),
        ("source", 1, "native"),
    ]
    assert items[0]["sender"] == "name-of-ingest-key"
    assert items[0]["at"] == "2025-06-15T15:06:40.000Z"
    for _ in range(3):
        await ingest.post(PATH, [ALERT | {"source": ""}] * 60)
        await ingest.client.get("/api/v1/rejects")
    assert len((await ingest.client.get("/api/v1/rejects")).json()["items"]) == 100
