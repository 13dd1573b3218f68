"""Dead letters over HTTP, on a real broker and a real database."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from alerting.dead_letters.letter import REPLAYS
from alerting.events.v1 import AlertMatched
from alerting.runtime.topics import ALERTS_MATCHED, ALERTS_NEW
from fix_dead_letters import Refusals
from fix_rule_service import NOWHERE, Caller, RuleService, serving
from fix_servers import Platform


@pytest.fixture
def refusals(platform: Platform) -> Refusals:
    return Refusals(platform)


@pytest.fixture
async def service(platform: Platform) -> AsyncIterator[RuleService]:
    broker = platform.env["ALERTING_KAFKA_BOOTSTRAP_SERVERS"]
    async with serving(
        platform.dsn, kafka=True, kafka_bootstrap_servers=broker, kafka_prefix=platform.prefix
    ) as service:
        yield service


@pytest.fixture
def admin(service: RuleService) -> Caller:
    return service.admin


def places(items: list[Any]) -> list[tuple[str, int]]:
    return [(item["topic"], item["offset"]) for item in items]


def place(offset: int, topic: str = ALERTS_MATCHED) -> dict[str, Any]:
    return {"topic": topic, "partition": 0, "offset": offset}


async def handled(admin: Caller, verb: str, order: object) -> dict[str, Any]:
    answer = await admin.post(f"/dead-letters/{verb}", order)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def test_what_waits_is_listed_page_by_page_oldest_first(admin: Caller, refusals: Refusals) -> None:
    assert await admin.walk("/dead-letters") == []
    refusals.write(b"a", b"b", reason="too_long")
    refusals.write(b"c", b"d", topic=ALERTS_NEW)
    refusals.write(b"e")
    everything = [*((ALERTS_MATCHED, n) for n in (0, 1)), *((ALERTS_NEW, n) for n in (0, 1)), (ALERTS_MATCHED, 2)]
    for limit in (1, 2, 3, 500):
        assert places(await admin.walk("/dead-letters", limit=limit)) == everything
    assert places(await admin.walk("/dead-letters", topic=ALERTS_NEW, limit=1)) == everything[2:4]
    assert places(await admin.walk("/dead-letters", reason="too_long")) == everything[:2]
    first = (await admin.get("/dead-letters")).json()["items"][0]
    assert first.items() >= {
        "partition": 0, "reason": "too_long", "error": "it is wrong", "service": "aggregator", "key": "acme",
        "bytes": 1, "replays": 0,
    }.items()  # fmt: skip


async def test_what_is_handled_between_two_pages_moves_nothing(admin: Caller, refusals: Refusals) -> None:
    refusals.write(*(b"%d" % number for number in range(6)))
    page = (await admin.get("/dead-letters", limit=2)).json()
    await handled(admin, "drop", {"letters": [place(0), place(2)]})
    rest = await admin.walk("/dead-letters", limit=2, cursor=page["next_cursor"])
    assert places(rest) == [(ALERTS_MATCHED, number) for number in (3, 4, 5)]


async def test_they_are_counted_by_topic_and_reason(admin: Caller, refusals: Refusals) -> None:
    refusals.write(b"a", b"b", reason="too_long")
    refusals.write(b"c", topic=ALERTS_NEW)
    counts = [
        {"topic": ALERTS_MATCHED, "reason": "too_long", "count": 2},
        {"topic": ALERTS_NEW, "reason": "undecodable", "count": 1},
    ]
    assert (await admin.get("/dead-letters/summary")).json() == {"items": counts, "complete": True}
    assert (await admin.get("/dead-letters/summary", topic=ALERTS_NEW)).json()["items"] == counts[1:]


async def test_one_is_shown_decoded_and_raw_and_with_what_was_done(
    service: RuleService, admin: Caller, refusals: Refusals
) -> None:
    value = AlertMatched(alert_id="a1", client_id="acme").SerializeToString()
    refusals.write(value, b"\xff")
    letter = (await admin.get(f"/dead-letters/{ALERTS_MATCHED}/0/0")).json()
    assert (letter["message"], letter["fields"]["alert_id"], letter["action"]) == ("AlertMatched", "a1", None)
    assert bytes.fromhex(letter["value_hex"]) == value
    assert {"name": "dlq-reason", "value": "undecodable"} in letter["headers"]
    wrong = (await admin.get(f"/dead-letters/{ALERTS_MATCHED}/0/1")).json()
    assert (wrong["fields"], wrong["decode_error"] is not None) == (None, True)
    await handled(admin, "drop", {"letters": [place(1)]})
    (key,) = await service.rows("SELECT id FROM api_keys")
    action = (await admin.get(f"/dead-letters/{ALERTS_MATCHED}/0/1")).json()["action"]
    assert (action["action"], action["actor"]) == ("DROPPED", key["id"])
    missing = await admin.get(f"/dead-letters/{ALERTS_MATCHED}/0/2")
    assert (missing.status_code, missing.json()["detail"]) == (404, "there is no such dead letter")


async def test_letters_that_are_named_are_replayed_once(admin: Caller, refusals: Refusals) -> None:
    refusals.write(b"a", b"b", b"c")
    order = {"letters": [place(2), place(0), place(0), place(9), place(0, ALERTS_NEW)]}
    assert await handled(admin, "replay", order) == {"number": 2, "more": False}
    assert await handled(admin, "replay", order) == {"number": 0, "more": False}
    sent = await asyncio.to_thread(refusals.sent, 2)
    assert sorted(message.value() or b"" for message in sent) == [b"a", b"c"]
    assert {dict(message.headers() or [])[REPLAYS] for message in sent} == {b"1"}
    assert places(await admin.walk("/dead-letters")) == [(ALERTS_MATCHED, 1)]


async def test_those_of_a_topic_and_reason_are_handled_and_no_others(admin: Caller, refusals: Refusals) -> None:
    refusals.write(b"a", b"b", reason="too_long")
    refusals.write(b"c")
    refusals.write(b"d", topic=ALERTS_NEW, reason="too_long")
    order = {"topic": ALERTS_MATCHED, "reason": "too_long"}
    assert await handled(admin, "drop", order) == {"number": 2, "more": False}
    assert places(await admin.walk("/dead-letters")) == [(ALERTS_MATCHED, 2), (ALERTS_NEW, 0)]
    assert await handled(admin, "replay", {"topic": ALERTS_MATCHED}) == {"number": 1, "more": False}
    assert places(await admin.walk("/dead-letters")) == [(ALERTS_NEW, 0)]


async def test_who_did_what_is_on_record_also_when_the_broker_forgot_it(
    service: RuleService, admin: Caller, refusals: Refusals
) -> None:
    refusals.write(b"a", b"b")
    (key,) = await service.rows("SELECT id FROM api_keys")
    await handled(admin, "replay", {"letters": [place(0)]})
    await handled(admin, "drop", {"topic": ALERTS_MATCHED})
    assert refusals.rows() == []
    listed = (await admin.get("/audit", subject="dead_letter", subject_id=ALERTS_MATCHED)).json()["items"]
    assert [entry["action"] for entry in listed] == ["dropped", "replayed"]
    logged = await service.rows(
        "SELECT actor, action, subject, subject_id, client_id, detail FROM audit_log ORDER BY id"
    )
    common = {"actor": key["id"], "subject": "dead_letter", "subject_id": ALERTS_MATCHED, "client_id": None}
    assert logged == [
        common | {"action": "replayed", "detail": {"partition": 0, "offsets": [0]}},
        common | {"action": "dropped", "detail": {"partition": 0, "offsets": [1]}},
    ]


async def test_many_who_ask_at_once_are_all_answered(admin: Caller, refusals: Refusals) -> None:
    refusals.write(*(b"%d" % number for number in range(30)))
    listing = asyncio.gather(*(admin.get("/dead-letters") for _ in range(5)))
    replaying = asyncio.gather(*(handled(admin, "replay", {"topic": ALERTS_MATCHED}) for _ in range(3)))
    assert [answer.status_code for answer in await listing] == [200] * 5
    assert sum(answer["number"] for answer in await replaying) == 30
    assert len(await asyncio.to_thread(refusals.sent, 30)) == 30


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/dead-letters?topic=alerts.other", "topic"),
        ("/dead-letters?cursor=x", "cursor"),
        ("/dead-letters?reasons=too_long", "reasons"),
        ("/dead-letters/alerts.other/0/0", "topic"),
        ("/dead-letters/alerts.new/-1/0", "partition"),
        ("/dead-letters/alerts.new/0/9223372036854775808", "offset"),
    ],
)
async def test_wrong_requests_name_the_field(admin: Caller, path: str, field: str) -> None:
    answer = await admin.request("GET", path)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


async def test_without_a_broker_the_rest_of_the_service_works(database: str) -> None:
    async with serving(database, kafka=True, kafka_bootstrap_servers=NOWHERE) as service:
        assert (await service.admin.get("/notifications")).status_code == 200
        answer = await service.admin.get("/dead-letters")
        assert (answer.status_code, answer.json()["detail"]) == (503, "kafka does not answer; try again")
