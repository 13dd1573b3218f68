import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import orjson
import pytest
from prometheus_client import REGISTRY

from fix_ingest import Ingest, running_ingest

PATHS = ["/v2/enqueue", "/integrations/pd/v2/enqueue"]
EVENT: dict[str, Any] = {
    "event_action": "trigger",
    "payload": {"summary": "Disk is full", "source": "db1", "severity": "error"},
}


@pytest.mark.parametrize("path", PATHS)
async def test_the_body_brings_the_key(ingest: Ingest, sample: Callable[[str], bytes], path: str) -> None:
    del ingest.client.headers["authorization"]
    response = await ingest.post(path, sample("pagerduty.json"))
    assert response.status_code == 202
    assert response.json() == {"status": "success", "message": "Event processed", "dedup_key": "samplekeyhere"}
    assert ingest.alert().name == "disk"


async def test_who_is_not_known_yet_leaves_room_for_who_is() -> None:
    read, end = asyncio.Event(), asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield b" " * 1_048_576
        read.set()
        await end.wait()

    async with running_ingest(max_pending_bytes=1_048_576, max_body_bytes=1_048_576) as ingest:
        request = ingest.client.build_request("POST", PATHS[0], content=slow())
        del request.headers["authorization"]
        sending = asyncio.create_task(ingest.client.send(request))
        async with asyncio.timeout(10):
            await read.wait()
            assert (await ingest.post(PATHS[0], EVENT)).status_code == 202
            end.set()
            assert (await sending).status_code == 401


async def test_a_made_key_is_told(ingest: Ingest) -> None:
    key = (await ingest.post(PATHS[0], EVENT)).json()["dedup_key"]
    assert ingest.alert().context["dedup_key"] == key


async def test_actions(ingest: Ingest) -> None:
    def count(what: str) -> float:
        return REGISTRY.get_sample_value(f"alerting_alerts_{what}_total", {"format": "pagerduty"}) or 0.0

    resolved, acknowledged = count("resolved"), count("acknowledged")
    for action in ("acknowledge", "resolve"):
        response = await ingest.post(PATHS[1], {"event_action": action, "dedup_key": "k"})
        assert (response.status_code, response.json()["dedup_key"]) == (202, "k")
    assert ingest.alerts() == []
    assert (count("resolved"), count("acknowledged")) == (resolved + 1, acknowledged + 1)
    assert [signal.firing for _, signal in ingest.episodes.seen] == [False]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 401),
        (b"{", 401),
        (b"[]", 401),
        (b"{}", 401),
        (b'{"routing_key": "wrong"}', 401),
        (b'{"routing_key": ["ingest-key"]}', 401),
        (b'{"routing_key": "client-key"}', 403),
        (b'{"routing_key": "down"}', 503),
        (b'{"routing_key": "ingest-key"}', 422),
    ],
)
async def test_keys_of_the_body(ingest: Ingest, body: bytes, status: int) -> None:
    del ingest.client.headers["authorization"]
    assert (await ingest.post(PATHS[0], body)).status_code == status


async def test_a_header_is_asked_first(ingest: Ingest) -> None:
    event = orjson.dumps(EVENT | {"routing_key": "ingest-key"})
    for key, status in (("wrong", 401), ("client-key", 403), ("admin-key", 202)):
        headers = {"authorization": f"Bearer {key}"}
        assert (await ingest.post(PATHS[0], event, headers=headers)).status_code == status


async def test_what_is_wrong_is_named(ingest: Ingest) -> None:
    response = await ingest.post(PATHS[0], EVENT | {"payload": EVENT["payload"] | {"severity": "bad"}})
    assert (response.status_code, response.json()["errors"][0]["field"]) == (422, "payload.severity")


async def test_without_the_broker(ingest: Ingest) -> None:
    ingest.broker.down = True
    assert (await ingest.post(PATHS[0], EVENT)).status_code == 503
