"""Notifications over HTTP, as the pipeline writes them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from psycopg.types.json import Jsonb

from alerting.rule_service.pagination import encode
from alerting.runtime.ids import new_id
from fix_rule_service import RuleService

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


async def notify(service: RuleService, client: str, **more: Any) -> str:
    row = {
        "id": new_id(), "client_id": client, "alert_id": new_id(), "severity": "HIGH", "source": "api",
        "name": "timeout", "context": Jsonb({"region": "eu"}), "event_at": NOON, "rule_ids": ["r1", "r2"],
        "rules_version": 7, "status": "RECEIVED", "created_at": NOON, **more,
    }  # fmt: skip
    await service.rows(
        f"INSERT INTO notifications ({', '.join(row)}) VALUES ({', '.join(['%s'] * len(row))}) RETURNING 1",
        *row.values(),
    )
    return str(row["id"])


async def deliver(service: RuleService, notification: str, client: str, status: str, attempts: int) -> str:
    delivery = new_id()
    await service.rows(
        "INSERT INTO deliveries (id, notification_id, endpoint_id, client_id, type, value, status, attempts,"
        " last_status, last_error) VALUES (%s, %s, %s, %s, 'webhook', 'https://a.example', %s, %s, 503, 'busy')"
        " RETURNING 1",
        delivery, notification, new_id(), client, status, attempts,
    )  # fmt: skip
    for attempt in range(1, attempts + 1):
        await service.rows(
            "INSERT INTO delivery_attempts (delivery_id, attempt, started_at, latency_ms, status_code, response)"
            " VALUES (%s, %s, %s, 12.5, 503, 'later') RETURNING 1",
            delivery, attempt, NOON + timedelta(seconds=attempt),
        )  # fmt: skip
    return delivery


async def test_the_newest_come_first(service: RuleService) -> None:
    client, caller = await service.tenant()
    ids = [await notify(service, client) for _ in range(7)]
    assert [item["id"] for item in await caller.walk("/notifications", limit=3)] == ids[::-1]
    first = (await caller.get("/notifications", limit=1)).json()["items"][0]
    assert first.items() >= {
        "client_id": client, "severity": "HIGH", "source": "api", "name": "timeout", "rule_ids": ["r1", "r2"],
        "rules_version": 7, "status": "RECEIVED", "event_at": "2026-01-01T12:00:00Z", "finished_at": None,
    }.items()  # fmt: skip
    assert "context" not in first


async def test_lists_can_be_narrowed(service: RuleService) -> None:
    one, caller = await service.tenant()
    two, _ = await service.tenant()
    plain = await notify(service, one)
    others = {
        "status": await notify(service, one, status="SENT"),
        "severity": await notify(service, one, severity="LOW"),
        "source": await notify(service, one, source="db"),
        "name": await notify(service, one, name="full"),
        "time": await notify(service, one, created_at=NOON + timedelta(hours=1)),
        "client": await notify(service, two),
    }

    async def found(**filters: Any) -> list[str]:
        return sorted(item["id"] for item in await service.admin.walk("/notifications", **filters))

    assert await found() == sorted([plain, *others.values()])
    assert await found(status="SENT") == [others["status"]]
    assert await found(severity="LOW") == [others["severity"]]
    assert await found(source="db") == [others["source"]]
    assert await found(name="full") == [others["name"]]
    assert await found(client_id=two) == [others["client"]]
    later = "2026-01-01T13:30:00+01:00"
    assert await found(**{"from": later}) == [others["time"]]
    assert others["time"] not in await found(to="2026-01-01T13:00:00Z", client_id=one)
    assert others["time"] in await found(**{"from": "2026-01-01T13:00:00Z"})
    assert others["client"] not in [item["id"] for item in await caller.walk("/notifications")]
    assert await caller.walk("/notifications", client_id=two) == []


async def test_one_with_its_deliveries_and_attempts(service: RuleService) -> None:
    client, caller = await service.tenant()
    notification = await notify(service, client)
    pending = await deliver(service, notification, client, "PENDING", 2)
    done = await deliver(service, notification, client, "DELIVERED", 0)
    answer = await caller.get(f"/notifications/{notification}")
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert (body["id"], body["context"], body["deliveries_truncated"]) == (notification, {"region": "eu"}, False)
    first, second = body["deliveries"]
    assert (first["id"], first["status"], first["attempts"], first["last_status"]) == (pending, "PENDING", 2, 503)
    assert first["next_attempt_at"] is not None
    told = {"status_code": 503, "error": None, "response": "later", "latency_ms": 12.5}
    assert first["history"] == [
        {"attempt": 1, "started_at": "2026-01-01T12:00:01Z", **told},
        {"attempt": 2, "started_at": "2026-01-01T12:00:02Z", **told},
    ]
    assert (second["id"], second["history"], second["next_attempt_at"]) == (done, [], None)


@pytest.mark.parametrize("which", ["nothing", "00000000-0000-0000-0000-000000000000"])
async def test_one_that_is_not_there(service: RuleService, which: str) -> None:
    answer = await service.admin.get(f"/notifications/{which}")
    assert (answer.status_code, answer.json()["detail"]) == (404, "there is no such notification")


async def test_a_cursor_with_a_wrong_id_is_refused(service: RuleService) -> None:
    answer = await service.admin.get("/notifications", cursor=encode("notifications", "no UUID"))
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "cursor")
