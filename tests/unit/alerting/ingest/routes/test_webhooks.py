from collections.abc import Callable

import pytest

from fix_ingest import NOW, Ingest


async def test_alertmanager(ingest: Ingest, sample: Callable[[str], bytes]) -> None:
    response = await ingest.post("/integrations/am/alertmanager", sample("alertmanager_webhook.json"))
    alert = ingest.alert()
    assert (response.status_code, response.json()) == (202, {"alert_ids": [alert.alert_id], "resolved": 1})
    assert (alert.source, alert.name, alert.event_ts) == ("storage", "DiskFull", NOW - 300)


async def test_grafana(ingest: Ingest, sample: Callable[[str], bytes]) -> None:
    response = await ingest.post("/integrations/gf/grafana", sample("grafana.json"))
    alert = ingest.alert()
    assert (response.status_code, response.json()) == (202, {"alert_ids": [alert.alert_id], "resolved": 0})
    assert (alert.source, alert.name) == ("gf", "High memory usage")


@pytest.mark.parametrize("path", ["/integrations/x/alertmanager", "/integrations/x/grafana"])
async def test_one_wrong_alert_refuses_all(ingest: Ingest, path: str) -> None:
    good = {"status": "firing", "labels": {"alertname": "a"}}
    response = await ingest.post(path, {"version": "4", "alerts": [good, {"status": "firing"}, good]})
    assert response.status_code == 422
    assert response.json()["errors"] == [
        {"item": 1, "field": "labels", "message": "must have at least one that is not empty"}
    ]
    assert ingest.alerts() == []
    assert ingest.episodes.seen == []


@pytest.mark.parametrize("path", ["/integrations/x/alertmanager", "/integrations/x/grafana"])
async def test_without_the_broker(ingest: Ingest, path: str) -> None:
    ingest.broker.down = True
    body = {"version": "4", "alerts": [{"status": "firing", "labels": {"alertname": "a"}}]}
    assert (await ingest.post(path, body)).status_code == 503
