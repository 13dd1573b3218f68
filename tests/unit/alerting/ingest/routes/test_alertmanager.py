from collections.abc import Callable
from typing import Any

import orjson
import pytest
from prometheus_client import REGISTRY

from alerting.ingest.episodes import Firing
from alerting.ingest.rules import Rule
from fix_ingest import NOW, Ingest, running_ingest

PATH = "/integrations/prom/api/v2/alerts"
MICROS = NOW * 1_000_000


def count(metric: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(metric, {"format": "alertmanager", **labels}) or 0.0


async def test_what_prometheus_sends(ingest: Ingest, sample: Callable[[str], bytes]) -> None:
    accepted, resolved = (count(f"alerting_alerts_{what}_total") for what in ("accepted", "resolved"))
    response = await ingest.post(PATH, sample("prometheus.json"))
    assert response.status_code == 200
    assert response.json() == {"accepted": 2, "resolved": 1, "rejected": 0, "errors": []}
    assert {alert.name for alert in ingest.alerts()} == {"KubePodCrashLooping", "Watchdog"}
    assert {alert.event_ts for alert in ingest.alerts()} == {NOW - 300}
    assert count("alerting_alerts_accepted_total") == accepted + 2
    assert count("alerting_alerts_resolved_total") == resolved + 1
    assert [(name, signal.firing) for name, signal in ingest.episodes.seen] == [
        ("prom", True),
        ("prom", True),
        ("prom", False),
    ]


async def test_the_same_again_has_the_same_id(ingest: Ingest) -> None:
    alert = {"labels": {"alertname": "Disk"}, "startsAt": "2025-06-15T15:06:40Z"}
    for path in (
        PATH,
        PATH,
        "/integrations/other/api/v2/alerts",
        "/api/v2/alerts",
        "/integrations/default/api/v2/alerts",
    ):
        assert (await ingest.post(path, [alert])).status_code == 200
        ingest.clock.advance(60)
    ids = [alert.alert_id for alert in ingest.alerts()]
    assert sorted(ids.count(each) for each in set(ids)) == [1, 2, 2]


async def test_valid_neighbours_are_accepted(ingest: Ingest) -> None:
    rejected = count("alerting_alerts_rejected_total", field="labels")
    good = {"labels": {"alertname": "Disk"}}
    response = await ingest.post(PATH, [{"labels": {"a": 1}}, good, {"labels": {}}])
    assert (response.status_code, response.json()["accepted"], response.json()["rejected"]) == (200, 1, 2)
    assert response.json()["errors"] == [
        {"item": 0, "field": "labels.a", "message": "must be a string, and is a number"},
        {"item": 2, "field": "labels", "message": "must have at least one that is not empty"},
    ]
    assert count("alerting_alerts_rejected_total", field="labels") == rejected + 2
    assert len((await ingest.client.get("/api/v1/rejects")).json()["items"]) == 2


async def test_when_none_is_valid_the_sender_is_told(ingest: Ingest) -> None:
    response = await ingest.post(PATH, [{"labels": {}}])
    assert response.status_code == 422
    assert response.json()["errors"][0]["item"] == 0


async def test_an_empty_batch(ingest: Ingest) -> None:
    response = await ingest.post(PATH, [])
    assert (response.status_code, response.json()["accepted"]) == (200, 0)


async def test_without_the_broker_it_is_to_be_sent_again(ingest: Ingest) -> None:
    ingest.broker.down = True
    good = {"labels": {"alertname": "Disk"}}
    assert (await ingest.post(PATH, [good, {}])).status_code == 503
    # A resolved alert needs no broker.
    assert (await ingest.post(PATH, [good | {"endsAt": "2025-06-15T15:06:40Z"}])).status_code == 200


@pytest.mark.parametrize("name", ["Prom", "-prom", "p_r", "x" * 64, "%2e%2e", "é"])
async def test_names_that_no_integration_has(ingest: Ingest, name: str) -> None:
    response = await ingest.post(f"/integrations/{name}/api/v2/alerts", [])
    assert (response.status_code, response.json()["errors"][0]["field"]) == (422, "integration")


@pytest.mark.parametrize("name", ["a", "0", "x" * 63, "prom-eu-1", "a-"])
async def test_names_that_an_integration_may_have(ingest: Ingest, name: str) -> None:
    assert (await ingest.post(f"/integrations/{name}/api/v2/alerts", [])).status_code == 200


async def test_settings_of_an_integration() -> None:
    settings: dict[str, Any] = {"prom": {"source_labels": ["team"], "drop_labels": ["az"]}}
    async with running_ingest(integrations=settings) as ingest:
        labels = {"alertname": "Disk", "team": "db", "job": "node"}
        for az in ("a", "b"):
            await ingest.post(PATH, [{"labels": labels | {"az": az}, "startsAt": "2025-06-15T15:06:40Z"}])
        first, second = ingest.alerts()
        assert first.alert_id == second.alert_id
        assert first.source == "db"


def open_alert(name: str, **labels: str) -> Firing:
    about = {"labels": {"alertname": name, **labels}, "annotations": {"summary": "s"}, "generatorURL": "http://g"}
    return Firing(MICROS - 60_000_000, MICROS + 60_000_000, MICROS, orjson.dumps(about))


async def test_listing() -> None:
    rules = [Rule("r1", "HIGH", "node", "*"), Rule("r2", "*", "*", "Disk"), Rule("r3", "LOW", "node", "Disk")]
    async with running_ingest(rules) as ingest:
        ingest.episodes.open = [open_alert("Disk", job="node", severity="error"), open_alert("Lag", job="x")]
        disk, lag = (await ingest.client.get(PATH)).json()
        assert disk == {
            "labels": {"alertname": "Disk", "job": "node", "severity": "error"},
            "annotations": {"summary": "s"},
            "generatorURL": "http://g",
            "fingerprint": disk["fingerprint"],
            "startsAt": "2025-06-15T15:05:40.000Z",
            "endsAt": "2025-06-15T15:07:40.000Z",
            "updatedAt": "2025-06-15T15:06:40.000Z",
            "receivers": [{"name": "r1"}, {"name": "r2"}],
            "status": {"state": "active", "silencedBy": [], "inhibitedBy": [], "mutedBy": []},
        }
        assert lag["receivers"] == [{"name": "no-rule"}]
        groups = (await ingest.client.get(f"{PATH}/groups")).json()
        assert [(group["receiver"]["name"], len(group["alerts"])) for group in groups] == [
            ("no-rule", 1),
            ("r1", 1),
            ("r2", 1),
        ]
        receivers = (await ingest.client.get("/api/v2/receivers")).json()
        assert [receiver["name"] for receiver in receivers] == ["no-rule", "r1", "r2", "r3"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"filter": 'alertname="Disk"'}, ["Disk"]),
        ({"filter": ["job=~n.*", "severity="]}, []),
        ({"filter": "severity="}, ["Lag"]),
        ({"receiver": "r.*"}, ["Disk"]),
        ({"active": "false"}, []),
        ({"active": "true", "silenced": "false", "inhibited": "false", "unprocessed": "true"}, ["Disk", "Lag"]),
    ],
)
async def test_what_is_asked_for(query: dict[str, Any], expected: list[str]) -> None:
    async with running_ingest([Rule("r2", "*", "*", "Disk")]) as ingest:
        ingest.episodes.open = [open_alert("Disk", job="node", severity="error"), open_alert("Lag", job="x")]
        response = await ingest.client.get(PATH, params=query)
        assert [alert["labels"]["alertname"] for alert in response.json()] == expected


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"filter": "nonsense"}, "filter"),
        ({"filter": "a=~("}, "filter"),
        ({"filter": ["a=b"] * 101}, "filter"),
        ({"receiver": "("}, "receiver"),
        ({"active": "maybe"}, "active"),
    ],
)
async def test_what_cannot_be_asked_for(ingest: Ingest, query: dict[str, Any], field: str) -> None:
    response = await ingest.client.get(PATH, params=query)
    assert response.status_code in (400, 422)
    assert response.json()["errors"][0]["field"] == field


async def test_listing_without_redis(ingest: Ingest) -> None:
    ingest.episodes.down = True
    assert (await ingest.client.get(PATH)).status_code == 503


async def test_status() -> None:
    async with running_ingest([Rule("r1", "HIGH", "node", "*")]) as ingest:
        status = (await ingest.client.get("/integrations/x/api/v2/status")).json()
        assert status["cluster"]["status"] == "disabled"
        assert sorted(status["versionInfo"]) == [
            "branch", "buildDate", "buildUser", "goVersion", "revision", "version",
        ]  # fmt: skip
        assert 'receiver: "r1"' in status["config"]["original"]
        assert status["uptime"] == "2025-06-15T15:06:40.000Z"


async def test_silences(ingest: Ingest) -> None:
    assert (await ingest.client.get("/api/v2/silences")).json() == []
    assert (await ingest.post("/api/v2/silences", {"matchers": []})).status_code == 501


async def test_errors_for_who_knows_plain_json_only(ingest: Ingest) -> None:
    plain = {"accept": "application/json"}
    response = await ingest.post("/api/v2/silences", {}, headers=plain)
    assert (response.status_code, response.json()) == (400, "silences are not supported: disable the rule instead")
    assert response.headers["content-type"] == "application/json"
    response = await ingest.client.get(PATH, params={"receiver": "("}, headers=plain)
    assert (response.status_code, response.json()) == (400, "receiver: is not a regular expression: (")
    response = await ingest.post(PATH, [], headers=plain | {"authorization": "Bearer wrong"})
    assert response.status_code == 401
    ingest.broker.down = True
    response = await ingest.post(PATH, [{"labels": {"alertname": "a"}}], headers=plain)
    assert response.status_code == 503


async def test_keys(ingest: Ingest) -> None:
    for path in ("alerts", "alerts/groups", "receivers", "status", "silences"):
        for prefix in ("/api/v2", "/integrations/x/api/v2"):
            for key, status in (("wrong", 401), ("client-key", 403), ("admin-key", 200)):
                headers = {"authorization": f"Bearer {key}"}
                assert (await ingest.client.get(f"{prefix}/{path}", headers=headers)).status_code == status
