"""Whatever is sent to whichever route: never a failure of ours, and never a part of what has to be whole."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fix_ingest import Ingest, running_ingest

ROUTES = {
    "/api/v1/alerts": ["application/json", "application/x-ndjson"],
    "/api/v2/alerts": ["application/json"],
    "/integrations/x/alertmanager": ["application/json"],
    "/integrations/x/grafana": ["application/json"],
    "/v2/enqueue": ["application/json"],
    "/integrations/x/cloudevents": ["application/cloudevents+json", "application/cloudevents-batch+json", "text/plain"],
}
PAIRS = [(path, media_type) for path, media_types in ROUTES.items() for media_type in media_types]

# The formats' own words, so that what is drawn comes close to being valid.
WORDS = st.sampled_from(
    ["critical", "HIGH", "firing", "resolved", "trigger", "resolve", "1.0", "4", "", "\0", "x" * 256]
)
VALUES = st.recursive(
    WORDS | st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS | st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=5)


def sometimes(good: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(good, good, good, VALUES)


LABELS = st.dictionaries(st.sampled_from(["alertname", "job", "severity", "replica"]), sometimes(TEXTS), max_size=4)
ITEMS = st.fixed_dictionaries(
    {},
    optional={
        # Ours,
        "severity": sometimes(st.sampled_from(["LOW", "HIGH"])),
        "source": sometimes(TEXTS),
        "name": sometimes(TEXTS),
        "context": sometimes(st.dictionaries(TEXTS, TEXTS, max_size=2)),
        # labelled ones,
        "labels": sometimes(LABELS),
        "annotations": sometimes(LABELS),
        "status": sometimes(st.sampled_from(["firing", "resolved"])),
        "startsAt": sometimes(st.just("2025-06-15T15:06:40Z")),
        "endsAt": sometimes(st.just("2025-06-15T15:06:40Z")),
        "values": sometimes(st.dictionaries(TEXTS, st.integers(), max_size=2)),
        # and CloudEvents.
        "specversion": sometimes(st.just("1.0")),
        "id": sometimes(TEXTS),
        "type": sometimes(TEXTS),
        "data": VALUES,
    },
)
DOCUMENTS = st.one_of(
    VALUES,
    ITEMS,
    st.lists(ITEMS, max_size=4),
    st.fixed_dictionaries({"version": st.just("4"), "alerts": st.lists(ITEMS, max_size=4)}),
    st.fixed_dictionaries(
        {"event_action": sometimes(st.just("trigger")), "payload": sometimes(ITEMS), "dedup_key": sometimes(TEXTS)}
    ),
)
# orjson writes no integers of more than 64 bits, and a body may have them.
BODIES = st.one_of(
    st.binary(max_size=200),
    DOCUMENTS.map(lambda document: orjson.dumps(document, default=str) if _writes(document) else b"[1e400, 2]"),
)


def _writes(document: object) -> bool:
    try:
        orjson.dumps(document)
    except TypeError:
        return False
    return True


def run(use: Callable[[Ingest], Coroutine[Any, Any, None]]) -> None:
    async def main() -> None:
        async with running_ingest() as ingest:
            await use(ingest)

    asyncio.run(main())


def count(body: bytes, media_type: str) -> int:
    """Return how many items a body has that some format would accept."""
    if media_type == "application/x-ndjson":
        return len([line for line in body.split(b"\n") if line.strip()])
    document = orjson.loads(body)
    if isinstance(document, dict) and "alerts" in document:
        document = document["alerts"]
    return len(document) if isinstance(document, list) else 1


@pytest.mark.parametrize(("path", "media_type"), PAIRS)
@given(body=BODIES)
def test_never_a_failure_and_never_a_part(path: str, media_type: str, body: bytes) -> None:
    async def use(ingest: Ingest) -> None:
        response = await ingest.post(path, body, headers={"content-type": media_type})
        assert response.status_code < 500, response.text
        accepted = len(ingest.alerts())
        if response.status_code >= 400:
            assert accepted == 0
            problem = response.json()
            assert response.headers["content-type"] == "application/problem+json"
            assert problem["status"] == response.status_code
            assert problem["errors"], problem
            return
        answer = response.json()
        if path == "/api/v2/alerts":
            assert accepted == answer["accepted"]
            assert accepted + answer["resolved"] + answer["rejected"] == count(body, media_type)
        elif path == "/v2/enqueue":
            assert accepted <= 1
        else:
            assert accepted == len(answer["alert_ids"])
            assert accepted + answer.get("resolved", 0) == count(body, media_type)

    run(use)


HEADERS = st.dictionaries(
    st.sampled_from(["ce-specversion", "ce-id", "ce-source", "ce-type", "ce-time", "ce-severity", "ce-x"]),
    st.one_of(st.just("1.0"), st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20)),
)


@given(headers=HEADERS, body=st.binary(max_size=50))
def test_any_headers_of_an_event(headers: dict[str, str], body: bytes) -> None:
    async def use(ingest: Ingest) -> None:
        response = await ingest.post("/integrations/x/cloudevents", body, headers=headers)
        assert response.status_code in (202, 422)
        assert len(ingest.alerts()) == (response.status_code == 202)

    run(use)


@given(query=st.lists(st.tuples(st.sampled_from(["filter", "receiver", "active"]), st.text(max_size=20)), max_size=4))
def test_any_question(query: list[tuple[str, str]]) -> None:
    async def use(ingest: Ingest) -> None:
        response = await ingest.client.get("/api/v2/alerts", params=tuple(query))
        assert response.status_code in (200, 400, 422)

    run(use)
