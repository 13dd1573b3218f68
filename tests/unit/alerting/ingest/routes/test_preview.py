"""``POST /api/v1/preview``."""

from typing import Any

import pytest

from fix_ingest import Ingest, running_ingest

PATH = "/api/v1/preview"
ALERT = {"severity": "HIGH", "source": "api", "name": "timeout"}
LABELS = {"alertname": "Disk", "team": "db", "severity": "blocker"}


async def test_nothing_is_sent_and_nothing_counted(ingest: Ingest) -> None:
    response = await ingest.post(PATH, {"format": "native", "body": [ALERT, {}]})
    assert response.status_code == 200
    assert response.json() == {
        "alerts": [ALERT | {"context": {}, "firing": True}],
        "rejects": [{"item": 1, "field": "severity", "message": "is required"}],
        "accepted": 1,
        "rejected": 1,
    }
    assert ingest.alerts() == []
    assert (await ingest.client.get("/api/v1/rejects")).json() == {"items": []}
    assert (await ingest.client.get("/api/v1/integrations")).json() == {"items": []}


async def test_the_integration_that_is_named_reads_the_labels() -> None:
    settings = {"mine": {"source_labels": ["team"], "severity_map": {"blocker": "CRITICAL"}}}
    async with running_ingest(integrations=settings) as ingest:
        wanted = {"format": "prometheus", "body": LABELS}
        for more, expected in (({}, ("MEDIUM", "default")), ({"integration": "mine"}, ("CRITICAL", "db"))):
            (alert,) = (await ingest.post(PATH, wanted | more)).json()["alerts"]
            assert (alert["severity"], alert["source"]) == expected


async def test_an_answer_is_bounded(ingest: Ingest) -> None:
    response = await ingest.post(PATH, {"format": "native", "body": [ALERT] * 300 + [{}] * 200})
    answer = response.json()
    assert (len(answer["alerts"]), len(answer["rejects"])) == (100, 100)
    assert (answer["accepted"], answer["rejected"]) == (300, 200)


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        (b"{", 400, None),
        ([], 422, "body"),
        ({"format": "native"}, 422, "body"),
        ({"format": "xml", "body": {}}, 422, "format"),
        ({"format": "native", "body": {}, "integration": "No"}, 422, "integration"),
        ({"format": "native", "body": {}, "more": 1}, 422, "more"),
        ({"format": "native", "body": "x" * 2_000_000}, 413, None),
    ],
)
async def test_a_wrong_question(ingest: Ingest, body: Any, status: int, field: str | None) -> None:
    response = await ingest.post(PATH, body)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert [fault["field"] for fault in response.json().get("errors", [])] == ([field] if field else [])


@pytest.mark.parametrize("key", ["ingest-key", "admin-key", "client-key"])
async def test_who_may_ask(ingest: Ingest, key: str) -> None:
    headers = {"authorization": f"Bearer {key}"}
    response = await ingest.post(PATH, {"format": "native", "body": ALERT}, headers=headers)
    assert response.status_code == 200
