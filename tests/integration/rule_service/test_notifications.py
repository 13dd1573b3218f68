"""Notifications over HTTP, as the pipeline writes them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from psycopg.types.json import Jsonb

from alerting.rule_service.pagination import encode
from alerting.rule_service.store import notification_lists
from alerting.runtime.ids import new_id
from fix_rule_service import RuleService

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


async def notify(service: RuleService, client: str, **more: Any) -> str:
    """Write a notification that was made at the time of its recording, as all are."""
    made = more.get("created_at", NOON)
    row = {
        "id": made_at(made), "client_id": client, "alert_id": new_id(), "severity": "HIGH", "source": "api",
        "name": "timeout", "context": Jsonb({"region": "eu"}), "event_at": NOON, "rule_ids": ["r1", "r2"],
        "rules_version": 7, "status": "RECEIVED", "created_at": NOON, **more,
    }  # fmt: skip
    await service.rows(
        f"INSERT INTO notifications ({', '.join(row)}) VALUES ({', '.join(['%s'] * len(row))}) RETURNING 1",
        *row.values(),
    )
    return str(row["id"])


def made_at(moment: datetime) -> str:
    """Return a new id as if it was made at that moment."""
    later_part = UUID(new_id()).int & ((1 << 80) - 1)
    return str(UUID(int=int(moment.timestamp() * 1_000) << 80 | later_part))


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
    ids = [await notify(service, client, created_at=NOON + timedelta(seconds=number)) for number in range(7)]
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
    assert await found(status=["SENT", "FAILED"]) == [others["status"]]
    assert len(await found(status=["SENT", "RECEIVED"])) == 7
    assert await found(severity="LOW") == [others["severity"]]
    assert await found(severity=["LOW", "CRITICAL"]) == [others["severity"]]
    assert await found(source="db") == [others["source"]]
    assert await found(name="full") == [others["name"]]
    assert await found(client_id=two) == [others["client"]]
    later = "2026-01-01T13:30:00+01:00"
    assert await found(**{"from": later}) == [others["time"]]
    assert others["time"] not in await found(to="2026-01-01T13:00:00Z", client_id=one)
    assert others["time"] in await found(**{"from": "2026-01-01T13:00:00Z"})
    assert others["client"] not in [item["id"] for item in await caller.walk("/notifications")]
    assert await caller.walk("/notifications", client_id=two) == []


@pytest.mark.parametrize(
    "span",
    [
        {"from": "0001-01-01T00:00:00Z", "to": "9999-12-31T23:59:59.999999Z"},
        {"from": "0001-01-01T00:00:00+14:00", "to": "9999-12-31T23:59:59-14:00"},
    ],
)
async def test_from_the_first_time_that_there_is_to_the_last(service: RuleService, span: dict[str, str]) -> None:
    client, caller = await service.tenant()
    notification = await notify(service, client)
    assert [item["id"] for item in await caller.walk("/notifications", **span)] == [notification]
    assert (await caller.get("/notifications/count", **span)).json() == {"count": 1, "more": False}


async def test_one_with_its_deliveries_and_attempts(service: RuleService) -> None:
    client, caller = await service.tenant()
    notification = await notify(service, client)
    pending = await deliver(service, notification, client, "PENDING", 2)
    done = await deliver(service, notification, client, "DELIVERED", 0)
    answer = await caller.get(f"/notifications/{notification}")
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert (body["id"], body["context"], body["deliveries_truncated"]) == (notification, {"region": "eu"}, False)
    assert body["delivery_counts"] == {"DELIVERED": 1, "FAILED": 0, "PENDING": 1, "EXPIRED": 0}
    first, second = body["deliveries"]
    assert (first["shown"], "value" in first) == ("https://a.example", False)
    assert (first["id"], first["status"], first["attempts"], first["last_status"]) == (pending, "PENDING", 2, 503)
    assert first["next_attempt_at"] is not None
    told = {"status_code": 503, "error": None, "response": "later", "latency_ms": 12.5}
    assert first["history"] == [
        {"attempt": 1, "started_at": "2026-01-01T12:00:01Z", **told},
        {"attempt": 2, "started_at": "2026-01-01T12:00:02Z", **told},
    ]
    assert (second["id"], second["history"], second["next_attempt_at"]) == (done, [], None)


async def test_one_tells_which_trace_it_belongs_to(service: RuleService) -> None:
    client, caller = await service.tenant()
    trace = "0af7651916cd43dd8448eb211c80319c"
    traced = await notify(service, client, traceparent=f"00-{trace}-b7ad6b7169203331-01")
    other = await notify(service, client)
    ids = [(await caller.get(f"/notifications/{each}")).json()["trace_id"] for each in (traced, other)]
    assert ids == [trace, None]


@pytest.mark.parametrize("which", ["nothing", "00000000-0000-0000-0000-000000000000"])
async def test_one_that_is_not_there(service: RuleService, which: str) -> None:
    answer = await service.admin.get(f"/notifications/{which}")
    assert (answer.status_code, answer.json()["detail"]) == (404, "there is no such notification")


async def test_a_cursor_with_a_wrong_id_is_refused(service: RuleService) -> None:
    answer = await service.admin.get("/notifications", cursor=encode("notifications", "no UUID"))
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "cursor")


async def test_a_list_tells_how_the_deliveries_are(service: RuleService) -> None:
    client, caller = await service.tenant()
    notification = await notify(service, client)
    bare = await notify(service, client, created_at=NOON - timedelta(hours=1))
    for status in ("PENDING", "PENDING", "FAILED", "EXPIRED"):
        await deliver(service, notification, client, status, 1)
    first, second = await caller.walk("/notifications")
    assert (first["id"], second["id"]) == (notification, bare)
    assert first["deliveries"] == {"DELIVERED": 0, "FAILED": 1, "PENDING": 2, "EXPIRED": 1}
    assert (first["next_attempt_at"] is not None, first["last_error"]) == (True, "busy")
    assert second["deliveries"] == {"DELIVERED": 0, "FAILED": 0, "PENDING": 0, "EXPIRED": 0}
    assert (second["next_attempt_at"], second["last_error"]) == (None, None)


async def test_what_is_searched_is_found(service: RuleService) -> None:
    client, caller = await service.tenant()
    one = await notify(service, client, source="Billing_API", name="High latency", alert_id="fingerprint:1")
    two = await notify(service, client, source="billing-api", name="100% full", alert_id="fingerprint:2")

    async def found(search: str) -> set[str]:
        return {item["id"] for item in await caller.walk("/notifications", search=search)}

    assert await found("ING") == {one, two}
    assert await found("gh Lat") == {one}
    assert await found("g_a") == {one}
    assert await found("%") == {two}
    assert await found("\\") == set()
    assert await found("i") == {one, two}
    assert await found("fingerprint:2") == {two}
    assert await found("fingerprint") == set()
    assert await found(one) == {one}
    _, other = await service.tenant()
    for searched in (one, "billing", "fingerprint:1"):
        assert await other.walk("/notifications", search=searched) == []
        assert (await other.get("/notifications/count", search=searched)).json() == {"count": 0, "more": False}


async def test_those_of_a_rule(service: RuleService) -> None:
    client, caller = await service.tenant()
    wanted = await notify(service, client, rule_ids=["r8", "r9"])
    await notify(service, client, rule_ids=["r8"])
    assert [item["id"] for item in await caller.walk("/notifications", rule_id="r9")] == [wanted]
    assert (await caller.get("/notifications/count", rule_id="r8")).json() == {"count": 2, "more": False}


async def test_its_rules_as_they_are_now(service: RuleService) -> None:
    client, caller = await service.tenant()
    other, stranger = await service.tenant()
    rule = {"severity": "HIGH", "source": "api", "description": "why"}
    kept, changed = [await caller.made(f"/clients/{client}/rules", rule | {"name": name}) for name in ("a", "b")]
    theirs = await stranger.made(f"/clients/{other}/rules", rule | {"name": "a"})
    version = (await caller.get("/rules-version")).json()["rules_version"]
    await caller.patch(f"/rules/{changed['id']}", {"description": "why now", "enabled": False}, if_match="*")
    ids = [changed["id"], "gone", kept["id"], theirs["id"]]
    notification = await notify(service, client, rule_ids=ids, rules_version=version)
    rules = (await caller.get(f"/notifications/{notification}")).json()["rules"]
    told = {"severity": "HIGH", "source": "api"}
    nothing = dict.fromkeys(("severity", "source", "name", "description", "enabled"))
    assert rules == [
        {"id": changed["id"], "exists": True, "changed_since": True, **told, "name": "b", "description": "why now",
         "enabled": False},
        {"id": "gone", "exists": False, "changed_since": True, **nothing},
        {"id": kept["id"], "exists": True, "changed_since": False, **told, "name": "a", "description": "why",
         "enabled": True},
        {"id": theirs["id"], "exists": False, "changed_since": True, **nothing},
    ]  # fmt: skip


async def test_when_the_time_does_not_suffice_a_page_says_how_far_it_looked(
    service: RuleService, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, caller = await service.tenant()
    ids = [await notify(service, client, created_at=NOON + timedelta(seconds=number)) for number in range(7)]
    monkeypatch.setattr(notification_lists, "_in_time", no_time)
    monkeypatch.setattr(notification_lists, "_STEP", 2)
    monkeypatch.setattr(notification_lists, "_WALK_SECONDS", 0.0)
    page = (await caller.get("/notifications", name="timeout")).json()
    assert [item["id"] for item in page["items"]] == ids[:3:-1]
    assert page["looked_back_to"] == "2026-01-01T12:00:04Z"
    assert [item["id"] for item in await caller.walk("/notifications", name="timeout")] == ids[::-1]
    assert [item["id"] for item in await caller.walk("/notifications", limit=1)] == ids[::-1]
    assert await caller.walk("/notifications", name="other") == []
    assert (await caller.get("/notifications", name="other")).json()["items"] == []
    assert (await caller.get("/notifications/count")).json() == {"count": 3, "more": True}
    monkeypatch.setattr(notification_lists, "_WALK_SECONDS", 60.0)
    assert (await caller.get("/notifications/count")).json() == {"count": 7, "more": False}
    whole = (await caller.get("/notifications")).json()
    assert (len(whole["items"]), whole["next_cursor"], whole["looked_back_to"]) == (7, None, None)


async def no_time(_connection: object, _ask: object) -> None:
    """Answer as the database does when a statement is stopped."""


async def test_a_statement_that_takes_too_long_is_stopped(service: RuleService) -> None:
    async def slow() -> str:
        await connection.execute("SELECT pg_sleep(30)")
        return "never"

    async def quick() -> str:
        return "answer"

    async with service.app.state.transactions.read() as connection:
        assert await notification_lists._in_time(connection, slow) is None
        assert await notification_lists._in_time(connection, quick) == "answer"
        (row,) = await (await connection.execute("SHOW statement_timeout")).fetchall()
        assert row == {"statement_timeout": "30s"}
