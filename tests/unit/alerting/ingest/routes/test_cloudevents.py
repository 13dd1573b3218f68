from typing import Any

import orjson

from fix_ingest import Ingest

PATH = "/integrations/ce/cloudevents"
EVENT: dict[str, Any] = {"specversion": "1.0", "id": "1", "source": "/s", "type": "t", "data": {"severity": "high"}}
BATCH = {"content-type": "application/cloudevents-batch+json"}


async def test_the_three_modes_give_one_id(ingest: Ingest) -> None:
    headers = {"ce-specversion": "1.0", "ce-id": "1", "ce-source": "/s", "ce-type": "t"}
    for body, more in (
        (orjson.dumps(EVENT), {"content-type": "application/cloudevents+json"}),
        (orjson.dumps([EVENT]), BATCH),
        (b'{"severity": "high"}', {"content-type": "application/json", **headers}),
    ):
        response = await ingest.post(PATH, body, headers=more)
        assert response.status_code == 202
        assert response.json() == {"alert_ids": [ingest.alerts()[0].alert_id]}
    alerts = ingest.alerts()
    assert len(alerts) == 3
    assert {alert.SerializeToString(deterministic=True) for alert in alerts} == {
        alerts[0].SerializeToString(deterministic=True)
    }


async def test_one_wrong_event_refuses_the_batch(ingest: Ingest) -> None:
    response = await ingest.post(PATH, orjson.dumps([EVENT, EVENT | {"id": ""}]), headers=BATCH)
    assert response.status_code == 422
    assert response.json()["errors"] == [{"item": 1, "field": "id", "message": "must not be empty"}]
    assert ingest.alerts() == []


async def test_what_is_no_cloudevent(ingest: Ingest) -> None:
    response = await ingest.post(PATH, EVENT)
    assert (response.status_code, response.json()["errors"][0]["field"]) == (422, "ce-specversion")
    other = await ingest.post(PATH, b"x", headers={"content-type": "application/cloudevents+avro"})
    assert other.status_code == 415
