"""Notifications that are sent again."""

import asyncio
from datetime import datetime
from hashlib import md5
from typing import Any

import pytest

from alerting.runtime.ids import new_id
from fix_rule_service import Caller, RuleService

HOOKS = [f"https://{letter}.example/" for letter in "abc"]
SENT = {"held_back": 0, "held_back_until": None}


class World:
    """A client with a rule that has webhooks, and notifications of it."""

    def __init__(self, service: RuleService, client: str, caller: Caller, rule_id: str) -> None:
        self.service = service
        self.client = client
        self.caller = caller
        self.rule_id = rule_id

    async def notify(self, status: str, *deliveries: tuple[str, str]) -> str:
        """Write a notification whose deliveries have these addresses and statuses."""
        notification_id = new_id()
        await self.service.rows(
            "INSERT INTO notifications (id, client_id, alert_id, severity, source, name, context, event_at, rule_ids,"
            " rules_version, status, finished_at) VALUES (%s, %s, %s, 'HIGH', 'api', 'x', '{}', now(), %s, 1, %s,"
            " CASE WHEN %s = 'RECEIVED' THEN NULL ELSE now() END) RETURNING 1",
            *(notification_id, self.client, notification_id, [self.rule_id], status, status),
        )
        for value, end in deliveries:
            await self.service.rows(
                "INSERT INTO deliveries (id, notification_id, endpoint_id, client_id, type, value, status, attempts,"
                " configuration_error, expires_at) VALUES (%s, %s, %s, %s, 'webhook', %s, %s, 8, true, now())"
                " RETURNING 1",
                *(delivery_id(notification_id, value), notification_id, new_id(), self.client, value, end),
            )
        return notification_id

    async def deliveries(self, notification_id: str) -> dict[str, dict[str, Any]]:
        rows = await self.service.rows(
            "SELECT *, expires_at > now() + interval '23 hours' AS fresh FROM deliveries WHERE notification_id = %s",
            notification_id,
        )
        return {row["value"]: row for row in rows}

    async def status(self, notification_id: str) -> str:
        (row,) = await self.service.rows("SELECT status, finished_at FROM notifications WHERE id = %s", notification_id)
        assert (row["status"] == "RECEIVED") == (row["finished_at"] is None)
        return str(row["status"])


def delivery_id(notification_id: str, value: str) -> str:
    """Return the id that whoever plans the delivery gives it."""
    hashed = md5(f"{notification_id}webhook {value}".encode(), usedforsecurity=False).hexdigest()
    return f"{notification_id[:18]}-a{hashed[:3]}-{hashed[3:15]}"


@pytest.fixture
async def world(service: RuleService) -> World:
    client, caller = await service.tenant()
    endpoints = [{"type": "webhook", "value": value} for value in HOOKS[:2]]
    rule = {"severity": "HIGH", "source": "api", "name": "x", "endpoints": endpoints}
    made = await caller.made(f"/clients/{client}/rules", rule)
    return World(service, client, caller, made["id"])


@pytest.mark.parametrize("end", ["FAILED", "EXPIRED"])
async def test_what_did_not_arrive_is_due_again(world: World, end: str) -> None:
    wanted = await world.notify("PARTIAL", (HOOKS[0], "DELIVERED"), (HOOKS[1], end))
    before = await world.deliveries(wanted)
    answer = await world.caller.post(f"/notifications/{wanted}/resend", {})
    assert (answer.status_code, answer.json()) == (202, SENT | {"notifications": 1, "deliveries": 1})
    after = await world.deliveries(wanted)
    again = after[HOOKS[1]]
    assert (again["status"], again["attempts"], again["attempts_before"], again["configuration_error"]) == (
        *("PENDING", 8, 8, False),
    )
    assert (again["id"], again["leased_until"], again["fresh"]) == (before[HOOKS[1]]["id"], None, True)
    assert after[HOOKS[0]]["status"] == "DELIVERED"
    assert await world.status(wanted) == "RECEIVED"


async def test_all_of_it_can_be_sent_again(world: World) -> None:
    wanted = await world.notify("SENT", (HOOKS[0], "DELIVERED"), (HOOKS[1], "DELIVERED"))
    refused = await world.caller.post(f"/notifications/{wanted}/resend", {})
    assert refused.status_code == 409
    assert await world.status(wanted) == "SENT"
    answer = await world.caller.post(f"/notifications/{wanted}/resend", {"deliveries": "all"})
    assert answer.json() == SENT | {"notifications": 1, "deliveries": 2}
    assert {row["status"] for row in (await world.deliveries(wanted)).values()} == {"PENDING"}


@pytest.mark.parametrize("how", ["one", "many"])
async def test_what_waits_for_a_receiver_that_is_left_alone_is_said(world: World, how: str) -> None:
    wanted = await world.notify("FAILED", (HOOKS[0], "FAILED"), (HOOKS[1], "FAILED"))
    paused, _ = await world.service.rows(
        "INSERT INTO receivers (id, client_id, type, value, failing_since, open_until)"
        " SELECT md5(client || ' webhook ' || value)::uuid, client, 'webhook', value, now(), now() + wait"
        " FROM (VALUES (%s::text, %s::text, interval '90 s'), (%s, %s, interval '-1 s')) AS r (client, value, wait)"
        " RETURNING open_until",
        *(world.client, HOOKS[0], world.client, HOOKS[1]),
    )
    # Another's delivery there was not sent again.
    await world.notify("RECEIVED", (HOOKS[0], "PENDING"))
    path, body = f"/notifications/{wanted}/resend", {}
    if how == "many":
        path, body = "/notifications/resend", {"filter": {"status": ["FAILED"]}, "expected": 1}
    answer = (await world.caller.post(path, body)).json()
    assert datetime.fromisoformat(answer.pop("held_back_until")) == paused["open_until"]
    assert answer == {"notifications": 1, "deliveries": 2, "held_back": 1}


async def test_who_was_added_since_is_told_and_who_was_removed_is_not(world: World) -> None:
    wanted = await world.notify("FAILED", (HOOKS[1], "FAILED"), (HOOKS[2], "FAILED"))
    answer = await world.caller.post(f"/notifications/{wanted}/resend", {})
    assert answer.json()["deliveries"] == 2
    statuses = {value: row["status"] for value, row in (await world.deliveries(wanted)).items()}
    assert statuses == {HOOKS[0]: "PENDING", HOOKS[1]: "PENDING", HOOKS[2]: "FAILED"}


async def test_a_notification_that_had_nobody_to_tell(world: World) -> None:
    wanted = await world.notify("NO_ENDPOINT")
    assert (await world.caller.post(f"/notifications/{wanted}/resend", {})).json()["deliveries"] == 2
    assert await world.status(wanted) == "RECEIVED"


async def test_without_an_enabled_endpoint_there_is_nothing_to_send(world: World) -> None:
    await world.service.rows("UPDATE endpoints SET enabled = false RETURNING 1")
    wanted = await world.notify("FAILED", (HOOKS[0], "FAILED"))
    answer = await world.caller.post(f"/notifications/{wanted}/resend", {})
    assert answer.status_code == 409
    assert "no enabled endpoint" in answer.json()["detail"]
    assert await world.status(wanted) == "FAILED"


async def test_what_waits_for_its_next_attempt_has_it_now_and_what_is_attempted_is_left_alone(world: World) -> None:
    wanted = await world.notify("RECEIVED", (HOOKS[0], "PENDING"), (HOOKS[1], "PENDING"))
    await world.service.rows("UPDATE deliveries SET next_attempt_at = now() + interval '1 hour' RETURNING 1")
    await world.service.rows(
        "UPDATE deliveries SET leased_until = now() + interval '1 minute' WHERE value = %s RETURNING 1", HOOKS[1]
    )
    leased = (await world.deliveries(wanted))[HOOKS[1]]
    assert (await world.caller.post(f"/notifications/{wanted}/resend", {})).json()["deliveries"] == 1
    after = await world.deliveries(wanted)
    assert after[HOOKS[1]] == leased
    assert after[HOOKS[0]]["next_attempt_at"] < leased["next_attempt_at"]


async def test_at_once_and_twice_is_as_once(world: World) -> None:
    ids = [await world.notify("FAILED", (HOOKS[0], "FAILED")) for _ in range(10)]
    answers = await asyncio.gather(
        *(world.caller.post(f"/notifications/{each}/resend", {}) for each in [*ids, *ids[::-1]])
    )
    assert {answer.status_code for answer in answers} == {202}
    for each in ids:
        assert {row["status"] for row in (await world.deliveries(each)).values()} == {"PENDING"}
        assert len(await world.deliveries(each)) == 2


async def test_many_by_a_filter_if_they_are_as_many_as_expected(world: World) -> None:
    failed = [await world.notify("FAILED", (HOOKS[0], "FAILED")) for _ in range(3)]
    sent = await world.notify("SENT", (HOOKS[0], "DELIVERED"))
    counted = (await world.caller.get("/notifications/count", status="FAILED")).json()
    assert counted == {"count": 3, "more": False}
    wrong = await world.caller.post("/notifications/resend", {"filter": {"status": ["FAILED"]}, "expected": 2})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (409, "expected")
    assert {await world.status(each) for each in failed} == {"FAILED"}
    answer = await world.caller.post("/notifications/resend", {"filter": {"status": ["FAILED"]}, "expected": 3})
    assert (answer.status_code, answer.json()["notifications"]) == (202, 3)
    assert {await world.status(each) for each in failed} == {"RECEIVED"}
    assert await world.status(sent) == "SENT"


async def test_another_tenants_are_not_there(world: World) -> None:
    wanted = await world.notify("FAILED", (HOOKS[0], "FAILED"))
    _, other = await world.service.tenant()
    assert (await other.post(f"/notifications/{wanted}/resend", {})).status_code == 404
    assert (await other.get("/notifications/count")).json()["count"] == 0
    assert (await other.post("/notifications/resend", {"filter": {}, "expected": 1})).status_code == 409
    theirs = {"filter": {"client_id": world.client}, "expected": 1}
    assert (await other.post("/notifications/resend", theirs)).status_code == 409
    assert await world.status(wanted) == "FAILED"


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/notifications/resend", {"filter": {}}, "expected"),
        ("/notifications/resend", {"expected": 1}, "filter"),
        ("/notifications/resend", {"filter": {"status": ["LOST"]}, "expected": 1}, "filter.status.0"),
        ("/notifications/resend", {"filter": {"state": "FAILED"}, "expected": 1}, "filter.state"),
        ("/notifications/resend", {"filter": {}, "expected": 10_001}, "expected"),
        ("/notifications/01890a5d-ac96-774b-bcce-b302099a8057/resend", {"deliveries": "some"}, "deliveries"),
    ],
)
async def test_wrong_requests_name_the_field(world: World, path: str, body: Any, field: str) -> None:
    answer = await world.caller.post(path, body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


async def test_it_is_on_record(world: World) -> None:
    wanted = await world.notify("FAILED", (HOOKS[0], "FAILED"))
    await world.caller.post(f"/notifications/{wanted}/resend", {})
    rows = await world.service.rows("SELECT subject_id, detail FROM audit_log WHERE action = 'resent'")
    assert rows == [{"subject_id": wanted, "detail": {"deliveries": "undelivered"}}]
