"""A test of an endpoint, by the real sender: what the receiver answers, and who is not told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from alerting.deliveries.trial import look_at_trial
from alerting.rule_service import endpoint_tests
from alerting.rule_service.endpoint_tests import TestsUnderWay as UnderWay
from alerting.runtime.clock import SystemClock
from alerting.runtime.problem import Problem
from alerting.runtime.telemetry import Telemetry
from alerting.sender.engine import open_sender
from alerting.sender.settings import SenderSettings
from fix_delivery import Answer, Receiver, running_receiver
from fix_rule_service import Caller, RuleService

CLOCK = SystemClock()


@asynccontextmanager
async def sending(service: RuleService, **settings: Any) -> AsyncIterator[None]:
    """Run a sender that reaches receivers on loopback."""
    defaults: dict[str, Any] = {"allowed_networks": ["127.0.0.0/8"], "claim_interval": 0.05, "retry_delays": [0.05]}
    given = SenderSettings(postgres_dsn=service.dsn, **{**defaults, **settings})
    stop = asyncio.Event()
    async with open_sender(given, Telemetry(CLOCK), CLOCK) as sender:
        work = asyncio.create_task(sender.run(stop))
        try:
            yield
        finally:
            stop.set()
            await work


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with running_receiver() as running:
        yield running


async def endpoint(service: RuleService, value: str, kind: str = "webhook", **rule: Any) -> tuple[str, Caller]:
    client, caller = await service.tenant()
    body = {"severity": "LOW", "source": "a", "name": "b", **rule}
    made = await caller.made(f"/clients/{client}/rules", body)
    where = {"type": kind, "value": value, "retry": {"profile": "page"}}
    return (await caller.made(f"/rules/{made['id']}/endpoints", where))["id"], caller


async def test_the_receivers_answer_is_told(service: RuleService, receiver: Receiver) -> None:
    tested, caller = await endpoint(service, f"{receiver.url}/hook")
    async with sending(service):
        answer = await caller.post(f"/endpoints/{tested}/test", None)
    assert answer.status_code == 200, answer.text
    result = answer.json()
    attempt = result["attempt"]
    assert (result["status"], result["waiting_for"]) == ("DELIVERED", None)
    assert (attempt["status_code"], attempt["response"], attempt["error"]) == (200, "thank you", None)
    assert attempt["latency_ms"] > 0
    (request,) = receiver.at("/hook")
    assert request.json["notification_id"] == result["notification_id"]
    assert request.json["alert"]["source"] == "alerting"
    assert request.json["alert"]["name"] == "EndpointTest"
    assert request.headers["webhook-id"] == result["delivery_id"]
    assert request.headers["webhook-signature"].startswith("v1,")
    listed = (await caller.get(f"/notifications/{result['notification_id']}")).json()
    assert (listed["severity"], listed["status"], len(listed["deliveries"])) == ("LOW", "SENT", 1)
    log = (await caller.get("/audit", subject="endpoint", subject_id=tested)).json()["items"]
    assert [change["action"] for change in log] == ["tested", "created"]


async def test_a_failure_is_told_and_not_repeated_and_wakes_nobody(service: RuleService, receiver: Receiver) -> None:
    fallback = {"type": "webhook", "value": f"{receiver.url}/fallback", "fallback": True}
    tested, caller = await endpoint(service, f"{receiver.url}/broken", endpoints=[fallback])
    receiver.answers["/broken"] = [Answer(500, b"out of order")]
    async with sending(service):
        result = (await caller.post(f"/endpoints/{tested}/test", None)).json()
        again = (await caller.post(f"/endpoints/{tested}/test", None)).json()
    assert (result["status"], again["status"]) == ("FAILED", "FAILED")
    assert result["attempt"]["status_code"] == 500
    assert result["attempt"]["response"] == "out of order"
    assert "500" in result["attempt"]["error"]
    assert len(receiver.at("/broken")) == 2
    assert receiver.at("/fallback") == []
    rows = await service.rows("SELECT status, count(*) AS number FROM deliveries GROUP BY status")
    assert rows == [{"status": "FAILED", "number": 2}]


async def test_a_receiver_that_hangs_gives_no_answer_in_time(service: RuleService, receiver: Receiver) -> None:
    tested, caller = await endpoint(service, f"{receiver.url}/slow")
    receiver.answers["/slow"] = [Answer(delay=30)]
    async with sending(service, attempt_timeout=0.3):
        result = (await caller.post(f"/endpoints/{tested}/test", None)).json()
    assert (result["status"], result["attempt"]["status_code"]) == ("FAILED", None)
    assert result["attempt"]["error"]


async def test_an_address_inside_the_network_is_refused(service: RuleService, receiver: Receiver) -> None:
    tested, caller = await endpoint(service, f"{receiver.url}/hook")
    async with sending(service, allowed_networks=[]):
        result = (await caller.post(f"/endpoints/{tested}/test", None)).json()
    assert result["status"] == "FAILED"
    assert "127.0.0.1" in result["attempt"]["error"]
    assert receiver.received == []


async def test_it_goes_before_what_waits(service: RuleService, receiver: Receiver) -> None:
    tested, caller = await endpoint(service, f"{receiver.url}/hook")
    (row,) = await service.rows("SELECT id, rule_id, client_id FROM endpoints")
    await service.rows(
        "WITH n AS (INSERT INTO notifications (id, client_id, alert_id, severity, source, name, context, event_at,"
        " rule_ids, rules_version) SELECT gen_random_uuid(), %s, n::text, 'LOW', 'a', 'b', '{}', now(), %s, 1"
        " FROM generate_series(1, 50) AS n RETURNING id) INSERT INTO deliveries (id, notification_id, endpoint_id,"
        " client_id, type, value, next_attempt_at) SELECT gen_random_uuid(), id, %s, %s, 'webhook', %s,"
        " now() - interval '1 hour' FROM n RETURNING 1",
        *(row["client_id"], [row["rule_id"]], row["id"], row["client_id"], f"{receiver.url}/hook"),
    )
    async with sending(service, attempts_in_flight=1, hand_over=5):
        result = (await caller.post(f"/endpoints/{tested}/test", None)).json()
    assert result["status"] == "DELIVERED"


async def test_what_it_waits_for_is_said(service: RuleService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoint_tests, "_WAIT_SECONDS", 0.0)
    tested, caller = await endpoint(service, "https://acme.example/hook")
    result = (await caller.post(f"/endpoints/{tested}/test", None)).json()
    assert (result["status"], result["attempt"]) == ("PENDING", None)
    assert result["waiting_for"].startswith("a sender")
    (row,) = await service.rows("SELECT expires_at - created_at AS life FROM deliveries")
    assert row["life"].total_seconds() == 60


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("leased_until = now() + interval '30 seconds'", "the receiver's answer"),
        ("next_attempt_at = now() + interval '1 second'", "its turn"),
    ],
)
async def test_what_a_sender_waits_for_is_said(
    service: RuleService, change: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tested, caller = await endpoint(service, "https://acme.example/hook")
    monkeypatch.setattr(endpoint_tests, "_WAIT_SECONDS", 0.0)
    await caller.post(f"/endpoints/{tested}/test", None)
    await service.rows(f"UPDATE deliveries SET {change} RETURNING 1")
    (row,) = await service.rows("SELECT id::text FROM deliveries")
    transactions = service.app.state.transactions
    async with transactions.read() as connection:
        trial = await look_at_trial(connection, row["id"])
    assert words in str(endpoint_tests.waiting_for(trial))
    if "next" in change:
        await service.rows(
            "INSERT INTO receivers (id, client_id, type, value, open_until) SELECT md5(client_id || ' ' || type || ' '"
            " || value)::uuid, client_id, type, value, now() + interval '1 minute' FROM deliveries RETURNING 1"
        )
        async with transactions.read() as connection:
            trial = await look_at_trial(connection, row["id"])
        assert "left alone until" in str(endpoint_tests.waiting_for(trial))


async def test_what_is_disabled_is_not_tested(service: RuleService) -> None:
    tested, caller = await endpoint(service, "https://acme.example/hook")
    await caller.patch(f"/endpoints/{tested}", {"enabled": False})
    answer = await caller.post(f"/endpoints/{tested}/test", None)
    assert (answer.status_code, "endpoint is disabled" in answer.json()["detail"]) == (409, True)
    await caller.patch(f"/endpoints/{tested}", {"enabled": True})
    await service.admin.patch("/clients/client1", {"enabled": False})
    answer = await caller.post(f"/endpoints/{tested}/test", None)
    assert (answer.status_code, "client is disabled" in answer.json()["detail"]) == (409, True)
    assert await service.rows("SELECT 1 FROM notifications") == []


async def test_another_tenant_finds_nothing_to_test(service: RuleService) -> None:
    tested, _ = await endpoint(service, "https://acme.example/hook")
    _, stranger = await service.tenant()
    assert (await stranger.post(f"/endpoints/{tested}/test", None)).status_code == 404
    assert await service.rows("SELECT 1 FROM notifications") == []


def test_a_client_waits_for_so_many_tests_at_a_time() -> None:
    under_way = UnderWay()
    with under_way.one_more("a"), under_way.one_more("a"), under_way.one_more("a"), under_way.one_more("a"):
        with under_way.one_more("a"), pytest.raises(Problem) as refused, under_way.one_more("a"):
            pass
        assert refused.value.status == 429
        with under_way.one_more("a"), under_way.one_more("b"):
            pass
