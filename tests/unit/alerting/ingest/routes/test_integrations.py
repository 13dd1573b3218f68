"""``/api/v1/integrations``."""

from typing import Any

import pytest

from fix_ingest import Ingest, running_ingest

PATH = "/api/v1/integrations"
ALERT = {"severity": "HIGH", "source": "api", "name": "timeout"}
DISK = {"labels": {"alertname": "Disk"}, "startsAt": "2025-06-15T15:06:40Z"}
PAGE = {"event_action": "trigger", "payload": {"summary": "s", "source": "api", "severity": "error"}}
CLOUD = {"specversion": "1.0", "id": "1", "source": "api", "type": "timeout"}
WEBHOOK = {"version": "4", "alerts": [DISK | {"status": "firing"}]}


async def get(ingest: Ingest, path: str = "") -> Any:
    response = await ingest.client.get(f"{PATH}{path}")
    assert response.status_code == 200, response.text
    return response.json()


@pytest.mark.parametrize(
    ("path", "body", "name", "form"),
    [
        ("/api/v1/alerts", ALERT, "default", "native"),
        ("/api/v2/alerts", [DISK], "default", "alertmanager"),
        ("/v2/enqueue", PAGE, "default", "pagerduty"),
        ("/integrations/a1/api/v2/alerts", [DISK], "a1", "alertmanager"),
        ("/integrations/a1/alertmanager", WEBHOOK, "a1", "alertmanager-webhook"),
        ("/integrations/a1/grafana", WEBHOOK, "a1", "grafana"),
        ("/integrations/a1/v2/enqueue", PAGE, "a1", "pagerduty"),
        ("/integrations/a1/cloudevents", CLOUD, "a1", "cloudevents"),
    ],
)
async def test_every_way_in_is_heard_of(ingest: Ingest, path: str, body: Any, name: str, form: str) -> None:
    headers = {"content-type": "application/cloudevents+json"}
    response = await ingest.client.post(path, json=body, headers=headers)
    assert response.is_success, response.text
    (item,) = (await get(ingest))["items"]
    assert (item["name"], item["format"], item["accepted"], item["rejected"]) == (name, form, 1, 0)
    sent = ingest.alert()
    assert item["last_event"]["alert_id"] == sent.alert_id
    assert (item["last_event"]["source"], item["last_event"]["name"]) == (sent.source, sent.name)


async def test_what_is_refused_is_its_integrations(ingest: Ingest) -> None:
    await ingest.post("/integrations/a1/api/v2/alerts", [DISK, {"labels": {}}, DISK])
    await ingest.post("/integrations/a2/grafana", b"{")
    await ingest.post("/api/v1/alerts", [{}])
    first, second, default = [await get(ingest, f"/{name}") for name in ("a1", "a2", "default")]
    assert (first["accepted"], first["rejected"]) == (2, 1)
    assert [(each["item"], each["field"]) for each in first["rejects"]] == [(1, "labels")]
    assert [each["field"] for each in second["rejects"]] == ["body"]
    assert (second["last_event"], second["accepted"]) == (None, 0)
    assert default["rejected"] == 1
    listed = (await ingest.client.get("/api/v1/rejects")).json()["items"]
    assert [each["integration"] for each in listed] == ["default", "a2", "a1"]


async def test_nobody_knows_who_sent_without_a_key(ingest: Ingest) -> None:
    assert (await ingest.post("/integrations/a1/v2/enqueue", PAGE)).status_code == 202
    del ingest.client.headers["authorization"]
    assert (await ingest.post("/integrations/a2/v2/enqueue", b"{")).status_code == 401
    ingest.client.headers["authorization"] = "Bearer ingest-key"
    assert [item["name"] for item in (await get(ingest))["items"]] == ["a1"]


async def test_without_the_broker_nothing_was_accepted(ingest: Ingest) -> None:
    ingest.broker.down = True
    assert (await ingest.post("/api/v1/alerts", ALERT)).status_code == 503
    assert (await get(ingest))["items"] == []


async def test_one_that_is_set_up_and_silent_is_listed() -> None:
    async with running_ingest(integrations={"legacy": {"name_label": "check"}, "default": {}}) as ingest:
        await ingest.post("/api/v1/alerts", ALERT)
        assert [(item["name"], item["accepted"]) for item in (await get(ingest))["items"]] == [
            ("default", 1),
            ("legacy", 0),
        ]
        assert (await get(ingest, "/legacy"))["settings"]["name_label"] == "check"


async def test_any_name_is_an_integration(ingest: Ingest) -> None:
    found = await get(ingest, "/brand-new")
    assert (found["accepted"], found["rejects"], found["last_event_at"]) == (0, [], None)
    assert found["settings"]["name_label"] == "alertname"
    assert (await ingest.client.get(f"{PATH}/Not-A-Name")).status_code == 422


async def test_without_the_journal_alerts_are_taken_and_questions_are_not(ingest: Ingest) -> None:
    ingest.journal.down = True
    for _ in range(2):
        assert (await ingest.post("/api/v1/alerts", ALERT)).status_code == 202
        assert (await ingest.post("/api/v1/alerts", {})).status_code == 422
        for path in (PATH, f"{PATH}/default", "/api/v1/rejects"):
            assert (await ingest.client.get(path)).status_code == 503
    ingest.journal.down = False
    (item,) = (await get(ingest))["items"]
    assert (item["accepted"], item["rejected"]) == (2, 2)


@pytest.mark.parametrize(("key", "status"), [("ingest-key", 200), ("admin-key", 200), ("client-key", 403), ("x", 401)])
async def test_who_may_ask(ingest: Ingest, key: str, status: int) -> None:
    for path in (PATH, f"{PATH}/default"):
        response = await ingest.client.get(path, headers={"authorization": f"Bearer {key}"})
        assert response.status_code == status
